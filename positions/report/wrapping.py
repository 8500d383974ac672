"""Breaking text into lines where nothing else does: an SVG has no lines of its own."""

from textwrap import wrap


def wrapped(text: str, width: int) -> list[str]:
    """The lines of `text`, none longer than `width` characters."""
    return wrap(text, width) or [""]
