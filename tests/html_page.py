"""A page as a tree, read by the standard library: what stands in it, as a browser would take it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"meta", "link", "br", "input", "img", "hr"})


@dataclass(eq=False)
class Element:
    """An element with its children, and the text between them."""

    tag: str
    attributes: dict[str, str]
    inside: list["Element | str"] = field(default_factory=list)

    def __iter__(self) -> Iterator["Element"]:
        """The element and all below it, in the order of the page."""
        yield self
        for one in self.inside:
            if isinstance(one, Element):
                yield from one

    @property
    def text(self) -> str:
        """The words, with single spaces."""
        return " ".join("".join(self._strings()).split())

    def find(self, tag: str, **attributes: str) -> list["Element"]:
        """The elements below with this tag and these attributes (`class_` is one of the classes)."""
        return [one for one in self if one.tag == tag and one._has(attributes)]

    def by_id(self, id: str) -> "Element":
        """The one element with this id."""
        [found] = [one for one in self if one.attributes.get("id") == id]
        return found

    def _has(self, attributes: dict[str, str]) -> bool:
        wanted = dict(attributes)
        classes = {wanted.pop("class_")} if "class_" in wanted else set()
        own = {name.replace("-", "_"): value for name, value in self.attributes.items()}
        return classes <= set(own.get("class", "").split()) and wanted.items() <= own.items()

    def _strings(self) -> Iterator[str]:
        for one in self.inside:
            if isinstance(one, str):
                yield one
            else:
                yield from one._strings()
                yield " "


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("document", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in _VOID:
            last = self.open[-1].inside[-1]
            assert isinstance(last, Element)
            self.open.append(last)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in <{tag}>: {names}"
        self.open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.tag == tag, f"<{closed.tag}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(text: str) -> Element:
    """The tree of the page `text`, in which every element must be closed where it was opened."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    [document] = reader.open
    return document
