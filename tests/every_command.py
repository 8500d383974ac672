"""Every command that opens a database, with words that it understands."""

from pathlib import Path

_ANSWER = """
format: 1
episode: {id: answer, kind: statement, title: An answer, published: 2022-01-20}
responses: [{id: it, by: russia, said: 2022-01-20, basis: stated, quote: fine, stances: {arms-control: open}}]
"""

BEGUN = (
    "INSERT INTO revision (number, recorded_at, recorded_by, message)"
    " SELECT max(number) + 1, max(recorded_at), 'me', 'half' FROM revision"
)
"""SQL that begins a revision, as a program does that is not done yet."""

ASKING = (
    *("demands", "offers", "nonstarters", "actors", "matrix", "history", "movements", "unanswered", "outlook"),
    *("episodes", "status", "log", "check", "item no-enlargement", "episode episode-1", "search missiles", "diff r1"),
    *("dump episode-1", "draft - --title Reply --published 2022-02-01", "report -", "verify episode-1 --text {text}"),
)
"""What writes nothing."""

RECORDING = (
    *("record {file}", "retract episode-1/principles --why twice", "undo r1"),
    "add episode --id reply --kind reply --title Reply --published 2022-02-01",
)
"""What writes to the database."""

MAKING = (
    *("export {out}", "report {out}", "backup {out}", "copy {out}"),
    "draft {out} --title Reply --published 2022-02-01",
)
"""What makes a file or folder."""

KEEPING = ("init", "upgrade")
"""What looks at the database itself."""

SERVING = ("browse", "code {text} --no-browser")
"""What serves pages until it is stopped."""

EVERY = (*ASKING, *RECORDING, *MAKING, *KEEPING, *SERVING)


def words(line: str, folder: Path) -> list[str]:
    """The words of `line`; what they name is in `folder`, and `out` is not there."""
    text, file = folder / "text.txt", folder / "answer.yaml"
    text.write_text("stop admitting any new members to NATO\n", encoding="utf-8")
    file.write_text(_ANSWER, encoding="utf-8")
    return [word.format(text=text, file=file, out=folder / "out") for word in line.split()]
