"""axe-core, which looks for barriers in a page: `python -m tests.axe DIR` fetches it from npm, at one version.

It prints the path of the program, for POSITIONS_AXE; the archive must be the one whose digest stands here.
"""

import hashlib
import subprocess
import sys
import tarfile
from pathlib import Path

VERSION = "4.14.1"
SHA512 = (
    "1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b73"
    "4f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5"
)
_PROGRAM = "package/axe.min.js"


def fetch(folder: Path) -> Path:
    """Fetch axe-core into `folder`: the path of its program.

    Raises:
        SystemExit: what came is not what is expected.
    """
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["npm", "pack", "--silent", f"axe-core@{VERSION}", "--pack-destination", str(folder)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    archive = folder / f"axe-core-{VERSION}.tgz"
    if hashlib.sha512(archive.read_bytes()).hexdigest() != SHA512:
        raise SystemExit(f"{archive} is not the axe-core {VERSION} that is expected")
    with tarfile.open(archive) as packed:
        program = packed.extractfile(_PROGRAM)
        assert program is not None
        path = folder / "axe.min.js"
        path.write_bytes(program.read())
    return path


if __name__ == "__main__":
    print(fetch(Path(sys.argv[1])))
