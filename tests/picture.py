"""The README's pictures, of all shipped episodes: `python -m tests.picture FILE`.

FILE.svg gets the leading figure alone, FILE.png a photograph of the beginning of the page.
"""

import os
import struct
import sys
import tempfile
import zlib
from base64 import b64decode, b64encode
from pathlib import Path
from typing import TYPE_CHECKING

from tests import chromium
from tests.conftest import Positions

if TYPE_CHECKING:
    from playwright.sync_api import Page

_WIDTH, _HEIGHT = 1000, 1500
_FEWER_COLOURS = """async (shot) => {
    const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + shot)).blob());
    const drawn = new OffscreenCanvas(image.width, image.height).getContext('2d');
    drawn.drawImage(image, 0, 0);
    const pixels = drawn.getImageData(0, 0, image.width, image.height).data;
    for (let step = 2; ; step += 2) {
        const colours = new Map();
        const numbers = new Uint8Array(pixels.length / 4);
        for (let at = 0; at < pixels.length && colours.size <= 256; at += 4) {
            const near = (value) => Math.min(255, Math.round(value / step) * step);
            const colour = (near(pixels[at]) << 16) | (near(pixels[at + 1]) << 8) | near(pixels[at + 2]);
            if (!colours.has(colour)) colours.set(colour, colours.size);
            numbers[at / 4] = colours.get(colour);
        }
        if (colours.size > 256) continue;
        let text = '';
        for (const number of numbers) text += String.fromCharCode(number);
        return [image.width, [...colours.keys()], btoa(text)];
    }
}"""


def take(file: Path) -> None:
    """Make the picture: of the page, or the sheet alone if `file` ends in .svg."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder
        positions = Positions(str(Path(folder) / "talks.db"))
        positions("init", "--all")
        if file.suffix == ".svg":
            positions("report", str(file), "--part", "sheet", "--force")
            return
        made = Path(folder) / "talks.html"
        positions("report", str(made))
        with chromium.started() as browser:
            page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT}, color_scheme="light")
            page.goto(made.as_uri())
            file.write_bytes(small(page.screenshot(), browser.new_page()))


def small(shot: bytes, page: "Page") -> bytes:
    """The picture `shot` as a PNG of at most 256 colours, a third as large; `page` is empty, to reckon in."""
    width, colours, numbers = page.evaluate(_FEWER_COLOURS, b64encode(shot).decode())
    pixels = b64decode(numbers)
    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))
    head = struct.pack(">IIBBBBB", width, len(pixels) // width, 8, 3, 0, 0, 0)
    palette = b"".join(colour.to_bytes(3, "big") for colour in colours)
    parts = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


if __name__ == "__main__":
    wanted = Path(sys.argv[1])
    if wanted.suffix != ".svg" and (missing := chromium.lacking()) is not None:
        sys.exit(missing)
    take(wanted)
