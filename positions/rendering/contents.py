"""How the content of an entry differs from another, value by value."""

import json
from collections.abc import Iterator, Mapping
from typing import Any


def differences(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, longest: int | None = None
) -> Iterator[str]:
    """Each value that differs, by its path: `stances.no-enlargement.stance: "open" -> "negotiable"`.

    Values are cut after `longest` characters. Of an entry that was not there before, or is not after, every value.
    """
    old, new = _flat(before), _flat(after)
    if not ("order" in old and "order" in new):  # it says something only beside another
        old.pop("order", None)
        new.pop("order", None)
    for path in [*new, *(path for path in old if path not in new)]:
        was, now = _shown(old.get(path), longest), _shown(new.get(path), longest)
        if was == now:
            continue
        if before is None or after is None:
            yield f"{path}: {now if before is None else was}"
        else:
            yield f"{path}: {was} -> {now}"


def _flat(content: Any, path: str = "") -> dict[str, Any]:
    if content is None and not path:
        return {}
    if not isinstance(content, dict) or not content:
        return {path: content}
    parts = (_flat(value, f"{path}.{name}" if path else str(name)) for name, value in content.items())
    return {name: value for part in parts for name, value in part.items()}


def _shown(value: Any, longest: int | None) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if longest is None or len(text) <= longest else text[: longest - 1] + "…"
