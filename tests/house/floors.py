"""The floors of ARCHITECTURE.md, checked: a file includes its own room and lower floors only, and a
library that one room is there to hide is named in that room only."""

import fnmatch
import re

import tree

FLOORS = {
    "core": 0,
    "network": 1, "data": 1, "kernels": 1,
    "study": 2,
    "engine": 3, "compress": 3, "measure": 3, "store": 3,
    "analysis": 4, "run": 4,
    "report": 5, "deploy": 5,
    "cli": 6,
}

# Header of a library -> the only files below src/ that may include it.
OWNERS = {
    "sqlite3.h": ["store/sqlite_*.cpp", "store/sqlite_*.h"],
    "libxsmm.h": ["kernels/gemm_libxsmm.cpp"],
    "CLI/*": ["cli/*"],
    "toml++/*": ["study/*"],
    "archive.h": ["data/*"],
    "curl/*": ["data/*"],
    "zlib.h": ["core/crc32.cpp", "core/deflate.cpp", "data/bytes.cpp"],
    "png.h": ["data/*"],
    "jpeglib.h": ["data/*"],
    "openssl/*": ["core/*"],
    "Random123/*": ["core/*"],
    "hwy/*": ["kernels/*"],
    "boost/math/*": ["core/*", "analysis/*"],
    "onnx/*": ["deploy/onnx_*.cpp"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def complaint_about(source, delimiter, header):
    """Why `source` (a path below src/) may not include `header`, or None."""
    for pattern, owners in OWNERS.items():
        if fnmatch.fnmatch(header, pattern):
            if not any(fnmatch.fnmatch(source, owner) for owner in owners):
                return f"<{header}> may be included by {' and '.join(owners)} only"
            return None
    if delimiter == "<":
        return None
    room, other = source.split("/")[0], header.split("/")[0]
    if "/" not in header or other not in FLOORS:
        return f'"{header}" names no room; write "room/file.h", and <...> for libraries'
    if other != room and FLOORS[other] >= FLOORS[room]:
        where = "the same floor" if FLOORS[other] == FLOORS[room] else "a higher floor"
        return f'"{header}": {room} (floor {FLOORS[room]}) may not see {other} on {where}'
    return None


def check(root):
    complaints = []
    for path in tree.files(root / "src", ".h", ".cpp", ".cc", ".inc"):
        source = path.relative_to(root / "src").as_posix()
        if source.split("/")[0] not in FLOORS:
            complaints.append(f"src/{source}: its room has no floor; give it one in {__file__}")
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            complaint = complaint_about(source, *match.groups()) if match else None
            if complaint:
                complaints.append(f"src/{source}:{number}: {complaint}")
    return complaints


if __name__ == "__main__":
    tree.main(check)
