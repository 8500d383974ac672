"""The picture of the coder's desk: `python -m tests.desk_picture data/desk.png` opens it with the coding of Episode 1.

The text is made of the quotations that the record holds: the article itself is not ours to print.
"""

import os
import sys
import tempfile
from pathlib import Path

from positions import package_data
from positions.desk.document import read, write
from tests import chromium, desk
from tests.conftest import Positions
from tests.picture import small

_OPENED = "responses.0"
_TEXT = """\
Episode 1, in excerpts

What was the essence of the Russian proposals? Foreign Minister Lavrov summarized them as “{0}, {1}, and {2}”.

In the light of remarks to the media, the response can be summarized as follows:

  •  Certain core Russian proposals are simply non-starters. These include demands to stop admitting any new members \
to NATO, and to withdraw forces from eastern Allies.

  •  The NATO Allies are in complete unity that sovereignty and territorial integrity are sacrosanct and must be \
respected, and that all nations are and must be free to choose their own alliances. The Alliance will not go back to \
1997.

  •  However, the two sides can work on the limits on the size and scope of military exercises, transparency, \
deconfliction, communications, arms control. The US is open to discussing the future of certain missile systems in \
Europe – along the lines of the now defunct INF Treaty.

  •  If Russia were to invade Ukraine further, there will be significant costs and consequences well beyond what they \
faced in 2014.
"""


def take(picture: Path) -> None:
    """Make the picture."""
    with tempfile.TemporaryDirectory() as home, chromium.started() as browser:
        os.environ["HOME"] = home
        place, text = Path(home) / "talks.db", Path(home) / "episode-1.txt"
        coded = read(package_data.first_episode().read_text(encoding="utf-8"))
        del coded["episode"]["text_sha256"]
        text.write_text(_TEXT.format(*(demand["quote"] for demand in coded["demands"])), encoding="utf-8")
        file = text.with_suffix(".yaml")
        positions = Positions(str(place))
        positions("init", "--empty")
        file.write_text(write({**coded, "responses": coded["responses"][1:]}), encoding="utf-8")
        positions("record", str(file))
        file.write_text(write(coded), encoding="utf-8")
        with desk.served(str(place), text) as address:
            page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
            page.goto(address)
            page.locator(f'[id="{_OPENED}"]').click()
            page.locator(f'[id="{_OPENED}.by"]').wait_for()
            picture.write_bytes(small(page.screenshot(), browser.new_page()))


if __name__ == "__main__":
    if (missing := chromium.lacking()) is not None:
        sys.exit(missing)
    take(Path(sys.argv[1]))
