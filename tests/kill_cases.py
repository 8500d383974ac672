"""What is killed: each command with the state before it, and how the state after it is looked at."""

import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from positions import package_data
from positions.database import schema
from tests.conftest import TALKS

DB = "{folder}/talks.db"
State = dict[str, str]
"""The files that are there, by name, with a digest of what each says."""

NEXT = "9000"
NOTE = '''
"""Responses gain a note; existing rows keep null."""

import sqlalchemy as sa
from alembic import op

from positions import append_only

revision = "9000"
down_revision = "{newest}"


def upgrade():
    with append_only.suspended(op.get_bind()):
        op.add_column("response", sa.Column("note", sa.Text(), nullable=True))
'''.replace("{newest}", schema.NEWEST)


@dataclass(frozen=True, slots=True)
class Case:
    """A command, what is there before it, and what to run after a kill: the program itself puts right what it left."""

    name: str
    words: tuple[str, ...]
    before: tuple[str, ...] = ("talks.db",)
    again: tuple[str, ...] = ()
    prepare: tuple[Callable[[], None], ...] = ()
    mend: tuple[str, ...] = ("status", "--db", DB)

    def command(self, folder: Path, *, again: bool = False) -> list[str]:
        words = (*self.words, *self.again) if again else self.words
        return [word.format(folder=folder) for word in words]


def newer_program() -> None:
    """Make the program of this process one of the next schema; its migrations are in the folder of the tests."""
    real = package_data.folder
    here = Path(MIGRATIONS[0])
    package_data.folder = lambda name: here if name == "migrations" else real(name)
    schema.NEWEST = NEXT


MIGRATIONS: list[str] = []
"""Where the newer program has its migrations, once `make` has made them."""

_FORCE = ("--force",)
CASES = (
    Case("record", ("record", "{folder}/next.yaml", "--db", DB)),
    Case("record, two files", ("record", "{folder}/next.yaml", "{folder}/last.yaml", "--db", DB)),
    Case("undo", ("undo", "r2", "--db", DB), ("talks.db=recorded.db",)),
    Case("init", ("init", "--db", DB), (), mend=()),
    Case("first use", ("demands",), (), mend=()),
    Case("upgrade", ("upgrade", "--db", DB), prepare=(newer_program,)),
    Case("backup", ("backup", "{folder}/copy.db", "--db", DB), again=_FORCE),
    Case(
        "backup --force",
        ("backup", "{folder}/copy.db", "--force", "--db", DB),
        ("talks.db=recorded.db", "copy.db=talks.db"),
    ),
    Case("export", ("export", "{folder}/out", "--db", DB), again=_FORCE),
    Case(
        "export --force",
        ("export", "{folder}/out", "--force", "--db", DB),
        ("talks.db=recorded.db", "out=out"),
        mend=("export", "{folder}/out", "--db", DB),  # refuses, after it has put back an export that stands aside
    ),
    Case("report", ("report", "{folder}/out.html", "--db", DB), again=_FORCE),
    Case(
        "report --force",
        ("report", "{folder}/out.html", "--force", "--db", DB),
        ("talks.db=recorded.db", "out.html=out.html"),
    ),
)


def texts() -> dict[str, str]:
    """The episode files that are recorded."""
    return {"first.yaml": TALKS, "next.yaml": _answers("next", "non-starter"), "last.yaml": _answers("last", "open")}


def _answers(name: str, stance: str) -> str:
    head = f"format: 1\nepisode: {{id: {name}, kind: statement, title: An answer, published: 2022-02-02}}\nresponses:\n"
    said = "by: nato, said: 2022-02-01, basis: stated, quote: so we say"
    items = ["no-enlargement", "no-missiles"] * 4
    listed = (f"  - {{id: it-{n}, {said}, stances: {{{item}: {stance}}}}}\n" for n, item in enumerate(items))
    return head + "".join(listed)


def lay(templates: Path, folder: Path, case: Case) -> None:
    """Put into `folder` what is there before the command of `case`."""
    (folder / "home").mkdir(parents=True)
    for name in texts():
        shutil.copyfile(templates / name, folder / name)
    for entry in case.before:
        name, _, template = entry.partition("=")
        source = templates / (template or name)
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copyfile(source, folder / name)


def make_migrations(folder: Path) -> None:
    """Write the migrations of the newer program into `folder`."""
    shutil.copytree(package_data.folder("migrations"), folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / f"{NEXT}_note.py").write_text(NOTE, encoding="utf-8")
    MIGRATIONS[:] = [str(folder)]


def state(folder: Path) -> State:
    """What stands in `folder` under the names that were asked for: no neighbours of a killed run, no journals."""
    found = {}
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in inner.parts) and path.name != "stderr":
            if path.suffix == ".db":
                found[str(inner)] = contents(path)
            elif not path.name.endswith("-journal"):
                found[str(inner)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def contents(path: Path) -> str:
    """A digest of the schema and of every row of a database; time, author and thus digests do not count."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = {}
        for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2").fetchall():
            rows: list[tuple[object, ...]] = []
            if kind == "table":
                columns = [
                    column
                    for (column,) in connection.execute("SELECT name FROM pragma_table_info(?)", (name,))
                    if column not in {"recorded_at", "recorded_by", "file", "digest"}
                ]
                listed = ", ".join(f'"{column}"' for column in columns)
                rows = sorted(connection.execute(f'SELECT {listed} FROM "{name}"').fetchall(), key=repr)
            found[f"{kind} {name}"] = (sql, rows)
    return hashlib.sha256(repr(found).encode()).hexdigest()
