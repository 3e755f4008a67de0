"""Data files with one fault each."""

import gzip
import struct
import zlib


def idx_images(count=20, rows=28, columns=28, magic=0x00000803, pixels=None):
    pixels = count * rows * columns if pixels is None else pixels
    return struct.pack(">IIII", magic, count, rows, columns) + bytes(i % 251 for i in range(pixels))


def idx_labels(count=20, magic=0x00000801, labels=None):
    labels = [i % 10 for i in range(count)] if labels is None else labels
    return struct.pack(">II", magic, count) + bytes(labels)


def idx_folder(**changed):
    """Four IDX files by name; `changed` replaces some of them, by the beginning of their names."""
    files = {"train-images-idx3-ubyte": idx_images(20), "train-labels-idx1-ubyte": idx_labels(20),
             "t10k-images-idx3-ubyte": idx_images(10), "t10k-labels-idx1-ubyte": idx_labels(10)}
    short = {"train_images": "train-images-idx3-ubyte", "train_labels": "train-labels-idx1-ubyte",
             "test_images": "t10k-images-idx3-ubyte", "test_labels": "t10k-labels-idx1-ubyte"}
    for key, content in changed.items():
        del files[short[key]]
        if content is not None:
            name, data = content if isinstance(content, tuple) else (short[key], content)
            files[name] = data
    return files


def truncated_gzip(data):
    packed = gzip.compress(data)
    return packed[: len(packed) // 2]


def png(width=8, height=8, shade=100):
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))

    rows = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def image_folder(**changed):
    """Two classes of four images each; `files` are added or, if None, left out."""
    files = {}
    for split, count in (("train", 4), ("test", 2)):
        for name in ("cat", "dog"):
            for i in range(count):
                files[f"{split}/{name}/{i}.png"] = png(shade=20 * i + 50)
    files.update(changed)
    return {name: content for name, content in files.items() if content is not None}


def cifar_folder(**changed):
    record = bytes([3]) + bytes(3072)
    files = {f"data_batch_{i}.bin": record * 10 for i in range(1, 6)}
    files["test_batch.bin"] = record * 10
    files.update({name + ".bin": content for name, content in changed.items()})
    return {name: content for name, content in files.items() if content is not None}
