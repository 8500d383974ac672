"""The command that compares quotations with the texts they were taken from."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from positions.commands import completion, console, context, options
from positions.vocabulary import Format, Key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from positions.episode_file.schema import Entry
    from positions.queries.rows import Verified

app = console.App()

_QUOTED = frozenset({"quote", "core_quote", "wording"})
"""The fields that contain words of the source."""

_USAGE = "give EPISODE with --text FILE, or --all with --texts DIR"
_MISCOPIED = "Compare with the text; correct what was miscopied with `positions record`."


@app.command(rich_help_panel=options.RECORD)
def verify(
    ctx: typer.Context,
    episode: Annotated[
        str | None,
        typer.Argument(metavar="EPISODE", help="Id of an episode.", autocompletion=completion.ids("episode")),
    ] = None,
    text: Annotated[
        Path | None, typer.Option("--text", metavar="FILE", help="The text the episode was coded from.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every episode that has quotations.")] = False,
    texts: Annotated[
        Path | None, typer.Option("--texts", metavar="DIR", help="The folder with the texts, as EPISODE.txt.")
    ] = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Find each quotation and literal label of an episode in a copy of its text.

    White space and the style of quotation marks and dashes are ignored; all other characters must match. The exit code
    is 1 if a quotation is missing, or the text is not the one that was coded.

    Example: positions verify episode-1 --text episode-1.txt
    """
    from positions.errors import PositionsError
    from positions.rendering import output
    from positions.rendering.views import overview

    rows: list[Verified] = []
    problems: list[str] = []
    for name, entries, file in _episodes(ctx, episode, text, every=every, texts=texts):
        _verify(name, entries, file, rows, problems)
    output.show("verify", rows, format, lambda: overview.verify(rows))
    lost = sum(1 for row in rows if not row.found)
    if lost:
        problems.insert(0, f"{lost} of {len(rows)} quotations {'is' if lost == 1 else 'are'} missing")
    if problems:
        raise PositionsError("\n".join(problems), _MISCOPIED if lost else None)


def _episodes(
    ctx: typer.Context, episode: str | None, text: Path | None, *, every: bool, texts: Path | None
) -> "Sequence[tuple[str, Mapping[Key, Entry], Path]]":
    """The selected episodes: id, entries and text file of each.

    Raises:
        typer.BadParameter: the options do not go together.
        PositionsError: the episode is unknown, or was retracted.
    """
    from positions.errors import InvalidRequestError
    from positions.queries import ids
    from positions.recording import stored

    given = (episode is not None, text is not None, every, texts is not None)
    if given not in {(True, True, False, False), (False, False, True, True)}:
        raise typer.BadParameter(_USAGE)
    with context.reading(ctx) as connection:
        if episode is not None and text is not None:
            ids.require(connection, "episode", episode)
            entries = stored.entries(connection, episode)
            if not entries:
                raise InvalidRequestError(f"{episode} was retracted", "`positions log` shows when and why.")
            return [(episode, entries, text)]
        assert texts is not None
        listed = [(name, stored.entries(connection, name)) for name in ids.listed(connection, "episode")]
    return [(name, entries, texts / f"{name}.txt") for name, entries in listed if any(_quotations(entries))]


def _verify(name: str, entries: "Mapping[Key, Entry]", file: Path, rows: "list[Verified]", problems: list[str]) -> None:
    """Add the result for each quotation of one episode to `rows`, and problems with `file` to `problems`."""
    import hashlib

    from positions.episode_file.load import MAX_BYTES
    from positions.episode_file.schema import EpisodeEntry

    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)  # a device or a pipe may be endless
        if len(content) > MAX_BYTES:
            problems.append(f"{name} is not verified: {file} is larger than {MAX_BYTES // 1024 // 1024} MiB")
            return
        text = content.decode("utf-8-sig")
    except OSError as error:
        problems.append(f"{name} is not verified: {file} cannot be read: {error.strerror}")
        return
    except UnicodeDecodeError:
        problems.append(f"{name} is not verified: {file} is not UTF-8")
        return
    rows += _verified(name, entries, text)
    coded = next((entry.text_sha256 for entry in entries.values() if isinstance(entry, EpisodeEntry)), None)
    if coded is not None and hashlib.sha256(content).hexdigest() != coded:
        problems.append(f"{file} is not the text that {name} was coded from: its SHA-256 differs")


def _verified(episode: str, entries: "Mapping[Key, Entry]", text: str) -> "Iterator[Verified]":
    """Each quotation and literal label of `entries`, in their order, with the number of times that `text` contains it.

    If there is none, a hint shows similar words of the text, or that the entry has another address than its episode.
    """
    from positions.queries.rows import Verified
    from positions.quotations import Passages, occurrences

    passages = Passages(text)
    for name, content, field, quote in _quotations(entries):
        count = occurrences(quote, text)
        hint = None if count else passages.hint(quote)
        if not count and not hint and "url" in content:
            hint = f"the entry has an address of its own: {content['url']}"
        yield Verified(episode=episode, id=name, field=field, quote=quote, found=count, hint=hint)


def _quotations(entries: "Mapping[Key, Entry]") -> "Iterator[tuple[str, Mapping[str, Any], str, str]]":
    """The quotations and literal labels of `entries`: the id and the content of the entry, the field, and the words."""
    for (_, name), entry in entries.items():
        content = entry.content()
        for field, quote in _quoted(content):
            yield name, content, field, quote


def _quoted(content: "Mapping[str, Any]", path: str = "") -> "Iterator[tuple[str, str]]":
    """Every quotation and literal label in the content of an entry, after its path: `stances.no-enlargement.quote`."""
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _quoted(value, f"{path}{name}.")
        elif name in _QUOTED and isinstance(value, str):
            yield f"{path}{name}", value
