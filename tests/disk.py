"""A disk that loses power: what a program wrote in a folder, and what may be left of it after a power cut.

The writes and syncs of a run are read from strace. What was not synced when the power goes may be there, missing, or
there in part. Assumed is what SQLite and POSIX assume: a write changes no byte outside of its range, a sync of a file
makes its content safe and a sync of a folder the names in it; names in one folder appear and vanish in order.
"""

import itertools
import os
import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_LONGEST_WRITE = 1 << 24
"""Bytes of a write that strace tells; the program writes less at once."""

SECTOR = 512
"""Bytes that a disk writes whole, at least."""

_CALLS = (
    "open,openat,creat,lseek,write,pwrite64,writev,pwritev,pwritev2,sendfile,copy_file_range,splice,"
    "truncate,ftruncate,fallocate,fsync,fdatasync,sync_file_range,sync,syncfs,msync,"
    "rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir"
)
_IGNORED = frozenset({"sync_file_range", "fallocate"})
_CONTENT = {
    **dict.fromkeys(("write", "pwrite64", "ftruncate", "fsync", "fdatasync", "lseek", "sendfile"), 0),
    "copy_file_range": 2,
}
"""Calls that change a file or make it safe, with the place of its descriptor."""

_NAMING = {
    **dict.fromkeys(("unlink", "rmdir", "mkdir"), ((0,),)),
    **dict.fromkeys(("unlinkat", "mkdirat"), ((0, 1),)),
    **dict.fromkeys(("rename", "link"), ((0,), (1,))),
    **dict.fromkeys(("renameat", "renameat2", "linkat"), ((0, 1), (2, 3))),
}
"""Calls that change names, with the places of each path: a text, or a folder's descriptor and a text."""

_LINE = re.compile(r"^(?P<pid>\d+) +(?P<call>\w+)\((?P<given>.*)\) += (?P<result>\d+)(?:<(?P<path>[^>]*)>)?")
_UNFINISHED = re.compile(r"^(\d+) +(\w+\(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_FD = re.compile(r"^(?:\d+|AT_FDCWD)<(?P<path>[^>]*)>")


class UnfollowedError(Exception):
    """The program did something to its files that the model does not know."""


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes of a file from an offset; without bytes, the file's end."""

    file: int
    offset: int
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a folder now means another file or folder, or none; a rename changes two names at once."""

    folder: int
    names: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Sync:
    """A file's content, or a folder's names, are safe."""

    what: int


Step = Write | Name | Sync
Content = bytearray | dict[str, int]
Tree = dict[int, Content]
"""Files and folders by number; a folder is the numbers of its files by name. 0 is the folder that is watched."""


@dataclass(frozen=True, slots=True)
class _Call:
    pid: str
    name: str
    given: list[str]
    result: int
    line: str


class Recording:
    """Reads what a traced program did in `root`, which is as it was before."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.before: Tree = {}
        self.steps: list[Step] = []
        self._numbers = itertools.count()
        self._load(root)
        self.now = copied(self.before)
        self._offsets: dict[tuple[str, str], int | None] = {}

    def _load(self, path: Path) -> int:
        number = next(self._numbers)
        if path.is_dir():
            self.before[number] = {}
            self.before[number] = {inner.name: self._load(inner) for inner in sorted(path.iterdir())}
        else:
            self.before[number] = bytearray(path.read_bytes())
        return number

    def moment(self, chance: random.Random) -> int:
        """How many steps are done when the power goes: any number, or one near a change of names or a sync."""
        decisive = [index for index, step in enumerate(self.steps) if not isinstance(step, Write)]
        if not decisive or chance.random() < 0.3:
            return chance.randint(0, len(self.steps))
        return min(chance.choice(decisive) + chance.randint(0, 2), len(self.steps))

    def follow(self, trace: str) -> None:
        """Add the steps of a trace.

        Raises:
            UnfollowedError: a call is not known.
        """
        for line in _whole_lines(trace.splitlines()):
            found = _LINE.match(line)
            if found and found["call"] not in _IGNORED:
                self._do(_Call(found["pid"], found["call"], _arguments(found["given"]), int(found["result"]), line))

    def _do(self, call: "_Call") -> None:
        if call.name == "openat":
            self._open(call)
        elif call.name in _CONTENT:
            number = self._find(_path(call.given[_CONTENT[call.name]]))
            if number is not None:
                self._write(call, number)
        elif call.name in _NAMING:
            paths = [_path(*(call.given[place] for place in places)) for places in _NAMING[call.name]]
            if any(map(self._is_inside, paths)):
                (self._rename if "rename" in call.name else self._name)(call, *paths)
        elif any(str(self.root) in _text(one) for one in call.given):
            raise UnfollowedError(call.line[:300])

    def _open(self, call: "_Call") -> None:
        path, flags = _path(*call.given[:2]), call.given[2]
        if not self._is_inside(path):
            return
        number = self._find(path)
        if number is None:
            if "O_CREAT" not in flags:
                raise UnfollowedError(f"{path} is not there")
            number = self._new(bytearray())
            self._point(path, number)
        if "O_TRUNC" in flags:
            self._change(Write(number, 0, None))
        self._offsets[call.pid, str(call.result)] = None if "O_RDWR" in flags or "O_APPEND" in flags else 0

    def _write(self, call: "_Call", number: int) -> None:
        descriptor = (call.pid, call.given[_CONTENT[call.name]].partition("<")[0])
        if call.name in {"fsync", "fdatasync"}:
            self.steps.append(Sync(number))
        elif call.name == "ftruncate":
            self._change(Write(number, int(call.given[1]), None))
        elif call.name == "pwrite64":
            self._change(Write(number, int(call.given[3]), _bytes(call.given[1])[: call.result]))
        elif call.name == "lseek":
            self._offsets[descriptor] = call.result
        else:
            offset = self._offsets.get(descriptor)
            if offset is None:
                raise UnfollowedError(call.line[:300])
            written = _bytes(call.given[1])[: call.result] if call.name == "write" else self._copied(call)
            self._change(Write(number, offset, written))
            self._offsets[descriptor] = offset + call.result

    def _copied(self, call: "_Call") -> bytes:
        """What the system copies from file to file, from the beginning of the one that is read."""
        source, offset = (1, 2) if call.name == "sendfile" else (0, 1)
        begin = 0 if call.given[offset] == "NULL" else int(call.given[offset].strip("[]").split()[0])
        number = self._find(_path(call.given[source]))
        content = Path(_path(call.given[source])).read_bytes() if number is None else self.now[number]
        assert not isinstance(content, dict)
        return bytes(content[begin : begin + call.result])

    def _rename(self, call: "_Call", old: str, new: str) -> None:
        if os.path.dirname(old) != os.path.dirname(new):  # noqa: PTH120 (texts, not paths of this system)
            raise UnfollowedError(f"from folder to folder: {call.line[:300]}")
        folder, name = self._place(new)
        self._change(Name(folder, ((os.path.basename(old), None), (name, self._find(old)))))  # noqa: PTH119

    def _name(self, call: "_Call", first: str, second: str = "") -> None:
        if call.name.startswith("link"):
            self._point(second, self._find(first))
        else:
            self._point(first, self._new({}) if call.name.startswith("mkdir") else None)

    def _point(self, path: str, number: int | None) -> None:
        folder, name = self._place(path)
        self._change(Name(folder, ((name, number),)))

    def _new(self, content: Content) -> int:
        number = max(self.now) + 1
        self.now[number] = content
        self.before[number] = content.copy()
        return number

    def _change(self, step: Write | Name) -> None:
        self.steps.append(step)
        _apply(self.now, step)

    def _place(self, path: str) -> tuple[int, str]:
        folder = self._find(os.path.dirname(path))  # noqa: PTH120
        if folder is None:
            raise UnfollowedError(f"no folder for {path}")
        return folder, os.path.basename(path)  # noqa: PTH119

    def _is_inside(self, path: str) -> bool:
        return path == str(self.root) or path.startswith(f"{self.root}/")

    def _find(self, path: str) -> int | None:
        if not self._is_inside(path):
            return None
        number = 0
        for part in path[len(str(self.root)) :].split("/"):
            if part:
                folder = self.now[number]
                if not isinstance(folder, dict) or part not in folder:
                    return None
                number = folder[part]
        return number


def traced(words: Sequence[str], environment: dict[str, str], root: Path, trace: Path) -> tuple[Recording, int]:
    """Run a command under strace: what it did in `root`, and its exit code."""
    run = Recording(root)
    options = ["-f", "--seccomp-bpf", "-y", "-xx", "-s", str(_LONGEST_WRITE), "-e", f"trace={_CALLS}", "-o", str(trace)]
    done = subprocess.run(["strace", *options, *words], env=environment, capture_output=True, check=False)
    run.follow(trace.read_text(encoding="ascii"))
    return run, done.returncode


def after_a_power_cut(run: Recording, moment: int, chance: random.Random) -> Tree:
    """What may be on the disk if the power went after `moment` steps."""
    tree = copied(run.before)
    done = run.steps[:moment]
    safe = {step.what: index for index, step in enumerate(done) if isinstance(step, Sync)}
    keeps = chance.choice((0.0, 0.2, 0.5, 0.8, 1.0))
    broken_off: set[int] = set()
    for index, step in enumerate(done):
        if isinstance(step, Sync):
            continue
        where = step.file if isinstance(step, Write) else step.folder
        if index < safe.get(where, -1):
            _apply(tree, step)
        elif isinstance(step, Name):
            if where not in broken_off and chance.random() < keeps:
                _apply(tree, step)
            else:
                broken_off.add(where)
        elif chance.random() < keeps:
            _apply(tree, _torn(step, chance))
    return tree


def _torn(step: Write, chance: random.Random) -> Write:
    """The write, or now and then only some whole sectors of it."""
    if step.content is None or len(step.content) <= SECTOR or chance.random() < 0.8:
        return step
    first = SECTOR - step.offset % SECTOR
    return Write(step.file, step.offset, step.content[: chance.randrange(first, len(step.content), SECTOR)])


def lay(tree: Tree, folder: Path, number: int = 0) -> None:
    """Write the files of `tree` into `folder`, which is made."""
    content = tree[number]
    if isinstance(content, dict):
        folder.mkdir()
        for name, inner in content.items():
            lay(tree, folder / name, inner)
    else:
        folder.write_bytes(content)


def copied(tree: Tree) -> Tree:
    """A copy that can be changed."""
    return {number: content.copy() for number, content in tree.items()}


def _apply(tree: Tree, step: Write | Name) -> None:
    content = tree[step.file if isinstance(step, Write) else step.folder]
    if isinstance(step, Name):
        assert isinstance(content, dict)
        for name, number in step.names:
            content.pop(name, None)
            if number is not None:
                content[name] = number
        return
    assert isinstance(content, bytearray)
    if step.content is None:
        del content[step.offset :]
    content.extend(bytes(max(0, step.offset - len(content))))
    if step.content is not None:
        content[step.offset : step.offset + len(step.content)] = step.content


def _whole_lines(lines: Sequence[str]) -> Iterator[str]:
    """The lines of a trace, with calls put together that another thread interrupted."""
    begun: dict[str, str] = {}
    for line in lines:
        if found := _UNFINISHED.match(line):
            begun[found[1]] = found[2]
        elif found := _RESUMED.match(line):
            yield f"{found[1]} {begun.pop(found[1], '')}{found[2]}"
        else:
            yield line


def _arguments(given: str) -> list[str]:
    return [part.strip() for part in re.findall(r'(?:"[^"]*"|<[^>]*>|\[[^\]]*\]|[^,"<\[])+', given)]


def _path(first: str, name: str = "") -> str:
    """The path that a descriptor, a text, or a folder's descriptor with a text in it means."""
    found = _FD.match(first)
    folder = _text(found["path"]) if found else _text(first.strip('"'))
    return os.path.normpath(os.path.join(folder, _text(name.strip('"'))) if name else folder)  # noqa: PTH118


def _text(hexadecimal: str) -> str:
    return hexadecimal.encode("ascii").decode("unicode_escape").encode("latin-1").decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.strip('"').replace("\\x", ""))
