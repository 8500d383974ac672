"""The chain of digests: whether it is whole, and whether it begins with a record that somebody noted earlier."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from positions import database, digests
from positions.errors import InvalidRequestError
from positions.queries import log
from positions.queries.rows import Violation

_DIGEST = re.compile(rf"[0-9a-f]{{{digests.SHORT},64}}", re.ASCII)
_MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Noted:
    """What was noted of a record: where, and its digests from r1 on, or one of them alone."""

    name: str
    digests: Sequence[str]
    is_alone: bool = False


def broken(connection: Connection) -> Iterator[Violation]:
    """Revisions that have no digest, or another than their content and the digest before it give."""
    for link in digests.links(connection):
        if link.digest is None:
            yield Violation("revision", f"r{link.number}", "has no digest: another program recorded it")
        elif link.digest != link.expected:
            yield Violation("revision", f"r{link.number}", "its digest is not that of its content")


def read(text: str) -> Noted:
    """What `text` notes: the beginning of a digest; or the path of a backup, an export or the JSON of `log`.

    Raises:
        PositionsError: it is none of them, or cannot be read.
    """
    if _DIGEST.fullmatch(text):
        return Noted(text, [text], is_alone=True)
    path = Path(text)
    try:
        file = path / "datapackage.json" if path.is_dir() else path
        with file.open("rb") as stream:
            content = stream.read(_MAX_BYTES)
        if content.startswith(b"SQLite format 3"):
            with database.reading(file) as connection:
                return Noted(text, [found or "" for found in log.chain(connection).values()])
        return Noted(text, _listed(json.loads(content)))
    except OSError as error:
        hint = f"Give {digests.SHORT} digits of a digest or more, a backup, an export, or the output of `log -f json`."
        raise InvalidRequestError(f"{text} is neither a digest nor a file that can be read", hint) from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        what = "it is not a backup, an export or the output of `log -f json`"
        hint = "If it is a page made by `report`, give the digest at its end instead."
        raise InvalidRequestError(f"{text} has no digests: {what}", hint) from error


def parted(connection: Connection, noted: Noted) -> Iterator[Violation]:
    """A violation if this record does not begin with the one that was noted, with the revision where they part."""
    own = log.chain(connection)
    if noted.is_alone:
        if not log.with_digest(connection, noted.digests[0]):
            message = "no revision has this digest: this record does not continue the one that it was noted from"
            yield Violation("digest", noted.name, message)
        return
    for number, digest in enumerate(noted.digests, 1):
        if number not in own:
            yield Violation("revision", f"r{number}", f"is in {noted.name}, but this record ends at r{number - 1}")
            return
        if own[number] != digest:
            alike = f"; r1 to r{number - 1} are the same" if number > 1 else ""
            yield Violation("revision", f"r{number}", f"is another one than in {noted.name}{alike}")
            return


def contained(connection: Connection, noted: Noted) -> str:
    """A sentence that says up to which revision this record is the one that was noted."""
    last = log.with_digest(connection, noted.digests[0])[0] if noted.is_alone else len(noted.digests)
    return f"r1 to r{last} are the record of {noted.name}."


def _listed(content: Any) -> list[str]:
    """The digests in the JSON of `log`, or in the description of an export."""
    if isinstance(content, dict):
        return [str(digest) for digest in content["positions"]["digests"]]
    return [str(row["digest"]) for row in sorted(content, key=lambda row: int(row["revision"]))]
