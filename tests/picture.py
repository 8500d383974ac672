"""The README's picture: `python -m tests.picture FILE.png` makes the page of all shipped episodes and photographs it.

It shows the head of the page, the beginning of the table and the card with the most marks.
"""

import os
import sys
import tempfile
from pathlib import Path

from tests import chromium
from tests.conftest import Positions

_WIDTH, _ROWS = 1080, 9
_LEAST = """rows => {
    const keep = (element) => { while (element.nextElementSibling) element.nextElementSibling.remove(); };
    const cards = [...document.querySelectorAll('.card')];
    const marks = (card) => card.querySelectorAll('.drawing a').length;
    const card = cards.reduce((most, one) => marks(one) > marks(most) ? one : most);
    const table = document.querySelector('.matrix');
    [...table.querySelectorAll('tbody tr')].slice(rows).forEach((row) => row.remove());
    [...table.tBodies].filter((body) => !body.rows.length).forEach((body) => body.remove());
    keep(card.querySelector('.drawing'));
    document.querySelector('#Matrix').after(card);
    card.style.marginTop = '2.5rem';
    keep(card);
    document.querySelector('footer').remove();
}"""


def take(file: Path) -> None:
    """Make the picture."""
    with tempfile.TemporaryDirectory() as folder, chromium.started() as browser:
        os.environ["HOME"] = folder
        positions = Positions(str(Path(folder) / "talks.db"))
        positions("init", "--all")
        made = Path(folder) / "talks.html"
        positions("report", str(made))
        page = browser.new_page(viewport={"width": _WIDTH, "height": 800}, color_scheme="light")
        page.goto(made.as_uri())
        page.evaluate(_LEAST, _ROWS)
        page.screenshot(path=file, full_page=True)


if __name__ == "__main__":
    if (missing := chromium.lacking()) is not None:
        sys.exit(missing)
    take(Path(sys.argv[1]))
