"""The README's picture: `python -m tests.picture FILE.png` makes the page of all shipped episodes and photographs it.

It shows the page as of the day of the Russian reply: its head, the beginning of the table and the liveliest card.
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

_WIDTH, _GROUPS, _DAY = 1000, 3, "2022-02-17"
_LEAST = """groups => {
    const keep = (element) => { while (element.nextElementSibling) element.nextElementSibling.remove(); };
    const cards = [...document.querySelectorAll('.card')];
    const count = (card, what) => card.querySelectorAll(what).length;
    const weight = (card) => 4 * count(card, '.step.to') + count(card, 'a.non-starter, a.negotiable, a.open');
    const card = cards.reduce((most, one) => weight(one) > weight(most) ? one : most);
    [...document.querySelector('.matrix').tBodies].slice(groups).forEach((body) => body.remove());
    document.querySelectorAll('.fresh, nav, .facts, #Matrix > .note:last-child').forEach((part) => part.remove());
    keep(card.querySelector('.drawing'));
    document.querySelector('#Matrix').after(card);
    card.style.marginTop = '2.5rem';
    keep(card);
    document.querySelector('footer').remove();
}"""
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
    """Make the picture."""
    with tempfile.TemporaryDirectory() as folder, chromium.started() as browser:
        os.environ["HOME"] = folder
        positions = Positions(str(Path(folder) / "talks.db"))
        positions("init", "--all")
        made = Path(folder) / "talks.html"
        positions("report", str(made), "--as-of", _DAY)
        page = browser.new_page(viewport={"width": _WIDTH, "height": 800}, color_scheme="light")
        page.goto(made.as_uri())
        page.evaluate(_LEAST, _GROUPS)
        shot = page.screenshot(full_page=True)
        file.write_bytes(small(shot, browser.new_page()))


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
    if (missing := chromium.lacking()) is not None:
        sys.exit(missing)
    take(Path(sys.argv[1]))
