"""Datasets with known images, and the files of every container that can hold them."""

import bz2
import gzip
import hashlib
import io
import lzma
import random
import struct
import tarfile
import zipfile
from dataclasses import dataclass, field, replace

from inputs import pictures

SPLITS = ("train", "val", "test")


@dataclass
class Content:
    """What is put into an input. splits: (label, picture) in the order of the images."""
    classes: list
    splits: dict = field(default_factory=dict)

    def counts(self, split):
        labels = [label for label, _ in self.splits.get(split, [])]
        return [labels.count(label) for label in range(len(self.classes))]

    def mapped(self, change):
        return Content(self.classes, {split: [(label, change(picture)) for label, picture in images]
                                      for split, images in self.splits.items()})

    def checksum(self):
        """That of `minima data info`: SHA-256 over shape, counts, labels and images."""
        first = self.splits["train"][0][1]
        sha = hashlib.sha256(struct.pack("<QQQ", first.channels, first.height, first.width))
        for split in ("train", "test", "val"):
            images = self.splits.get(split, [])
            if split == "val" and not images:
                continue
            sha.update(struct.pack("<Q", len(images)))
            sha.update(b"".join(struct.pack("<H", label) for label, _ in images))
            sha.update(b"".join(picture.planes for _, picture in images))
        return sha.hexdigest()


def content(train=(6, 5), test=(3, 2), val=(), classes=("bar", "ring"), channels=1, down=2, across=3,
            seed=0):
    """Different pictures; the number of each class in each split. Classes alternate as in folders."""
    draw = random.Random(seed)

    def picture():
        planes = []
        for _ in range(channels):
            cells = [draw.randrange(256) for _ in range(down * across)]
            cells[0], cells[-1] = draw.randrange(200, 256), draw.randrange(50)
            planes.append(cells)
        return pictures.of_cells(planes, down, across)
    made = Content(list(classes))
    for split, counts in (("train", train), ("val", val), ("test", test)):
        seats = [((i + 0.5) / count, label) for label, count in enumerate(counts) for i in range(count)]
        seats.sort(key=lambda seat: seat[0])
        if seats:
            made.splits[split] = [(label, picture()) for _, label in seats]
    return made


# ---- image folders

def folder(made, encode=pictures.png, ending=".png", names=None, top="photos"):
    """Files by path: top/train/bar/000.png."""
    names = {"train": "train", "val": "val", "test": "test", **(names or {})}
    files = {}
    for split, images in made.splits.items():
        numbers = [0] * len(made.classes)
        for label, picture in images:
            parts = [top, names[split], made.classes[label], f"{numbers[label]:03}{ending}"]
            files["/".join(part for part in parts if part)] = encode(picture)
            numbers[label] += 1
    return files


@dataclass(frozen=True)
class Link:
    target: str
    hard: bool = False


@dataclass(frozen=True)
class EmptyFolder:
    pass


@dataclass(frozen=True)
class Pipe:
    pass


def zip_of(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            if isinstance(data, EmptyFolder):
                archive.writestr(zipfile.ZipInfo(name + "/", (2020, 1, 1, 0, 0, 0)), b"")
                continue
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o120777 if isinstance(data, Link) else 0o100644) << 16
            archive.writestr(info, data.target if isinstance(data, Link) else data)
    return out.getvalue()


class Unseekable(io.BytesIO):
    """A pipe: sizes and checksums come after the files."""

    def seekable(self):
        return False

    def seek(self, *_):
        raise io.UnsupportedOperation


def zip_with(files, method=zipfile.ZIP_DEFLATED, out=None):
    """A zip archive in another form."""
    out = out or io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, method)
    return out.getvalue()


def tar_of(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            if isinstance(data, Link):
                info.type, info.linkname = tarfile.LNKTYPE if data.hard else tarfile.SYMTYPE, data.target
                archive.addfile(info)
            elif isinstance(data, EmptyFolder):
                info.type, info.mode = tarfile.DIRTYPE, 0o755
                archive.addfile(info)
            else:
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def packed_gz(data):
    return gzip.compress(data, mtime=0)


ARCHIVES = {".zip": zip_of, ".tar": tar_of, ".tar.gz": lambda files: packed_gz(tar_of(files)),
            ".tar.xz": lambda files: lzma.compress(tar_of(files)),
            ".tar.bz2": lambda files: bz2.compress(tar_of(files))}


# ---- IDX

def idx_images(images, magic=0x803):
    first = images[0][1] if images else pictures.Picture(16, 24, 1, b"")
    return (struct.pack(">IIII", magic, len(images), first.height, first.width) +
            b"".join(picture.planes for _, picture in images))


def idx_labels(images, magic=0x801):
    return struct.pack(">II", magic, len(images)) + bytes(label for label, _ in images)


def idx(made, pack=lambda data: data, ending="", prefix="", test="t10k", top="digits", joint="-"):
    files = {}
    for split, name in (("train", "train"), ("test", test)):
        images = made.splits.get(split)
        if images is None:
            continue
        stem = f"{top}/{prefix}{name}"
        files[f"{stem}-images{joint}idx3-ubyte{ending}"] = pack(idx_images(images))
        files[f"{stem}-labels{joint}idx1-ubyte{ending}"] = pack(idx_labels(images))
    return files


# ---- NumPy archives

def npy(kind, shape, data, fortran=False):
    text = f"{{'descr': '{kind}', 'fortran_order': {fortran}, 'shape': {tuple(shape)}, }}"
    text = text.ljust((-11 - len(text)) % 64 + len(text)) + "\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text.encode() + data


def npy_images(images):
    first = images[0][1]
    shape = (len(images), first.height, first.width) + ((3,) if first.channels == 3 else ())
    return npy("|u1", shape, b"".join(picture.interleaved() for _, picture in images))


def npy_labels(images, column=False, add=0):
    shape = (len(images), 1) if column else (len(images),)
    return npy("<i8", shape, b"".join(struct.pack("<q", label + add) for label, _ in images))


def keras(made, add=0):
    arrays = {}
    for split, images in made.splits.items():
        arrays[f"x_{split}.npy"] = npy_images(images)
        arrays[f"y_{split}.npy"] = npy_labels(images, add=add)
    return arrays


def medmnist(made, add=0):
    arrays = {}
    for split, images in made.splits.items():
        arrays[f"{split}_images.npy"] = npy_images(images)
        arrays[f"{split}_labels.npy"] = npy_labels(images, column=True, add=add)
    return arrays


# ---- tables

def table(made, split, separator=",", header=True, names=None, last=False, numbered=False, end="\n"):
    images = made.splits[split]
    count = len(images[0][1].planes)
    lines = [["label"] + [f"pixel{i}" for i in range(count)]] if header else []
    for label, picture in images:
        lines.append([names[label] if names else str(label)] + [str(v) for v in picture.interleaved()])
    if last:
        lines = [line[1:] + line[:1] for line in lines]
    if numbered:
        lines = [["id" if i == 0 and header else str(i)] + line for i, line in enumerate(lines)]
    return end.join(separator.join(line) for line in lines) + end


# ---- CIFAR

def cifar_content(train=(3, 2), test=(1, 1), classes=10, seed=1):
    made = content(train, test, classes=[str(i) for i in range(len(train))], channels=3, down=4, across=4,
                   seed=seed)
    made.classes += [str(i) for i in range(len(train), classes)]
    return made


def cifar_10(made, top="cifar"):
    """The training images in five batches."""
    def batch(images):
        return b"".join(bytes([label]) + picture.planes for label, picture in images)
    train = made.splits["train"]
    files = {f"{top}/data_batch_{i + 1}.bin": batch(train[i:i + 1])
             for i in range(4)}
    files[f"{top}/data_batch_5.bin"] = batch(train[4:])
    files[f"{top}/test_batch.bin"] = batch(made.splits["test"])
    return files


def cifar_100(made, top="cifar"):
    return {f"{top}/{split}.bin": b"".join(bytes([label // 5, label]) + picture.planes
                                           for label, picture in images)
            for split, images in made.splits.items()}


def transposed(picture):
    plane = picture.planes
    return replace(picture, height=picture.width, width=picture.height,
                   planes=b"".join(plane[x::picture.width] for x in range(picture.width)))
