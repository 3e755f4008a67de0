"""Checks the layers of ARCHITECTURE.md. A file includes only its own module and modules of lower
layers. A library that one module encapsulates is included in that module only."""

import fnmatch
import re

import tree

FLOORS = {
    "core": 0,
    "statistics": 1,
    "network": 2, "data": 2, "kernels": 2,
    "study": 3,
    "record": 4, "compress": 4,
    "engine": 5, "measure": 5, "store": 5,
    "analysis": 6, "run": 6,
    "report": 7, "deploy": 7,
    "app": 8,
    "cli": 9,
}

# Folders within a module, from the lowest to the highest; "" stands for the files of the module
# itself. A file includes its own folder and lower ones.
FOLDERS = {
    "core": ["", "numbers", "codes", "files"],
    "statistics": ["", "tests", "estimates", "fits"],
    "network": ["", "notation", "derive", "families"],
    "data": ["", "pictures", "files", "formats", "folders", "generated", "fetch", "inspect",
             "source"],
    "kernels": ["vector", "products", "layers", "training", "reference", ""],
    "study": ["settings", "", "options", "plan", "file"],
    "engine": ["", "plain", "layers", "tokens", "network", "cpu"],
    "compress": ["quantize", "prune", "integer"],
    "store": ["", "files", "database", "records", "upkeep"],
    "run": ["setup", "estimate", "train", "variants", "compress"],
    "analysis": ["population", "published", "sizes", "convergence", "recommend", "compression", "images",
                 "weights", "claims", "tables", "", "comparison"],
    "report": ["text", "sections", "screens", "", "figures", "page"],
    "deploy": ["", "c", "onnx", "tflite", "export"],
    "app": ["", "analyses", "networks", "pages"],
    "cli": ["arguments", "terminal", "commands", ""],
}

# Header of a library -> the only files below src/ that may include it.
OWNERS = {
    "sqlite3.h": ["store/*/sqlite_*.cpp", "store/*/sqlite_*.h"],
    "libxsmm.h": ["kernels/products/gemm_libxsmm.cpp"],
    "CLI/*": ["cli/*"],
    "toml++/*": ["study/*"],
    "archive.h": ["data/*"],
    "curl/*": ["data/*"],
    "zlib.h": ["core/codes/crc32.cpp", "core/codes/deflate.cpp", "data/files/bytes.cpp"],
    "png.h": ["data/*"],
    "jpeglib.h": ["data/*"],
    "tiffio.h": ["data/pictures/tiff.cpp"],
    "leptonica/*": ["data/pictures/other_pictures.cpp", "data/pictures/captions.cpp"],
    "libexif/*": ["data/pictures/orientation.cpp"],
    "openssl/*": ["core/*"],
    "Random123/*": ["core/*"],
    "utf8proc.h": ["core/characters.cpp"],
    "hwy/*": ["kernels/*"],
    "boost/math/*": ["statistics/distributions.cpp"],
    "onnx/*": ["deploy/onnx/onnx_*.cpp"],
    "flatbuffers/*": ["deploy/tflite/tflite_model.cpp"],
    "tflite_generated.h": ["deploy/tflite/tflite_model.cpp"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def complaint_about(source, delimiter, header):
    """The reason why `source` (a path below src/) may not include `header`, or None."""
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
    if other == room and room in FOLDERS:
        order = FOLDERS[room]
        own, included = folder_of(source), folder_of(header)
        if own not in order or included not in order:
            return f'"{header}": a folder of {room} that FOLDERS in {__file__} does not know'
        if order.index(included) > order.index(own):
            return f'"{header}": {room}/{own} may not see the higher folder {room}/{included}'
    return None


def folder_of(path):
    """The folder of a file within its module; "" for the module itself."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else ""


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
