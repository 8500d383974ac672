"""Fuzz the episode loader, dates, search, verify and the options of commands.

Atheris makes inputs out of others that reached new code, the same ones for the same `--seed`. A target ends at the
first input that makes the program do what it must not; that input is kept, and `--again FILE` tries it once more.
"""

import argparse
import importlib.util
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from tests.fuzz.targets import Target

_INSTALL = "the fuzzer needs Atheris, which there is for Linux and Python 3.11 to 3.13: pip install -e '.[test,fuzz]'"
_NAMES = ("episode", "dates", "search", "verify", "options")
_SLOWEST = 20
"""Seconds that one input may take, on a busy machine too."""

_MEMORY = 2048
"""Megabytes that all may take."""


def main(words: list[str]) -> int:
    """0 if no input made the program do what it must not; 1 if one did; 2 if nothing can be fuzzed."""
    asked = _asked(words)
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write(f"{_INSTALL}\n")
        return 2
    import atheris

    with atheris.instrument_imports(include=["positions"]):
        from tests.fuzz.targets import TARGETS

    names = asked.targets or _NAMES
    shares = sum(TARGETS[name].share for name in names)
    found = 0
    for name in names:
        share = TARGETS[name].share / shares
        options = [f"-runs={max(1, int(asked.inputs * share))}", f"-seed={asked.seed}"]
        options += [f"-max_total_time={max(1, int(asked.seconds * share))}"] if asked.seconds else []
        options += [f"-artifact_prefix={asked.keep.absolute()}/fuzz-{name}-", *map(str, filter(None, [asked.again]))]
        found += not _stands(name, TARGETS[name], options)
    return 1 if found else 0


def _asked(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", metavar="TARGET", nargs="*", help=f"some of {', '.join(_NAMES)}; all, if none")
    parser.add_argument("--inputs", type=int, default=20_000, help="how many, over all targets (20,000)")
    parser.add_argument("--seconds", type=int, default=0, help="how long at the most, over all targets (no limit)")
    parser.add_argument("--seed", type=int, default=1, help="what chance begins with (1)")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()), help="where a bad input is kept")
    parser.add_argument("--again", metavar="FILE", type=Path, help="one input, instead of many, for one TARGET")
    asked = parser.parse_args(words)
    if unknown := set(asked.targets) - set(_NAMES):
        parser.error(f"no target is called {', '.join(sorted(unknown))}")
    return asked


def _stands(name: str, target: "Target", options: list[str]) -> bool:
    """Whether `target` stands all inputs; figures, and what made it fall, are printed."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as log:
        sys.stdout.flush()
        child = os.fork()  # libFuzzer ends the process that it runs in
        if child == 0:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            _run(target, Path(folder), options)
        _, status = os.waitpid(child, 0)
        log.seek(0)
        told = log.read().decode("utf-8", "replace")
    counted = re.search(r"stat::number_of_executed_units:\s*(\d+)", told)
    inputs = int(counted[1]) if counted else 0
    stands = status == 0 and ("-runs=" not in " ".join(options) or bool(inputs))
    found = "nothing" if stands else "SOMETHING"
    print(f"{name}: {inputs:,} inputs in {time.monotonic() - begun:.0f} s, {found} found")
    if not stands:
        print(told[-8_000:])
        print(f"again: python -m tests.fuzz {name} --again FILE (`Test unit written to`)")
    return stands


def _run(target: "Target", folder: Path, options: list[str]) -> NoReturn:
    """Fuzz `target` in `folder`, and end the process."""
    import atheris

    for name in ("HOME", "XDG_DATA_HOME"):
        os.environ[name] = str(folder)
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(target.seeds()):
        (corpus / f"{number:04}").write_bytes(seed[: target.longest])
    limits = [f"-max_len={target.longest}", f"-timeout={_SLOWEST}", f"-rss_limit_mb={_MEMORY}", "-print_final_stats=1"]
    inputs = [] if any(not one.startswith("-") for one in options) else [str(corpus)]
    try:
        with target.made(folder) as fuzzed:
            atheris.Setup(["fuzz", *limits, *options, *inputs], fuzzed)
            atheris.Fuzz()
    finally:
        sys.stderr.flush()
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
