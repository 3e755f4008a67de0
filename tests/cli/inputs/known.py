"""CIFAR, EMNIST, QMNIST, and kinds of files that are not read."""

import struct

from inputs import kinds, pictures, sets
from inputs.kinds import Input
from inputs.sets import Content, content, idx, packed_gz, tar_of

# The binary versions of CIFAR have ten and a hundred classes, of which a few have images here.
UNUSED = ("no image in any split",)


def used(made):
    """The classes with images."""
    empty = [label for label in range(len(made.classes))
             if not any(made.counts(split)[label] for split in made.splits)]
    return kinds.without_classes(made, empty)


CIFAR_10_NAMES = ("airplane automobile bird cat deer dog frog horse ship truck").split()
FINE_NAMES = {"cifar/fine_label_names.txt": "\n".join(f"class{i}" for i in range(100)).encode()}
COARSE_NAMES = {"cifar/coarse_label_names.txt": "\n".join(f"group{i}" for i in range(20)).encode()}


def cifar_10():
    made = sets.cifar_content()
    made.classes = CIFAR_10_NAMES
    files = sets.cifar_10(made)
    expected = used(made)
    first, last = "cifar/data_batch_1.bin", "cifar/data_batch_5.bin"
    extra = made.splits["test"][0][1]

    def changed(variation, more, says=(), **options):
        return Input("CIFAR-10 binary", variation, "cifar", {**files, **more}, made, expected,
                     says=says, **options)
    without = {name: data for name, data in files.items() if "batch_3" not in name}
    untested = {name: data for name, data in files.items() if "test" not in name}
    return [
        changed("upright", {}, UNUSED),
        Input("CIFAR-10 binary", "tar.gz", "cifar.tar.gz", {"cifar.tar.gz": packed_gz(tar_of(files))}, made,
              expected, says=UNUSED),
        Input("CIFAR-10 binary", "batch missing", "cifar", without, made),
        Input("CIFAR-10 binary", "no test split", "cifar", untested, made),
        changed("file cut off", {first: files[first][:2000]}),
        changed("empty file", {last: b""}),
        changed("label out of range", {first: b"\x0a" + files[first][1:]}),
        changed("a sixth batch", {"cifar/data_batch_6.bin": b"\0" + extra.planes}, UNUSED + ("data_batch_6",),
                elsewhere=1),
        changed("pictures beside", {"cifar/a.png": pictures.png(extra)}, UNUSED + ("a.png",), elsewhere=1),
        changed("too few names of classes", {"cifar/batches.meta.txt": b"cat\ndog\n"}),
        Input("CIFAR-10 Python version", "folder", "cifar", {
            "cifar/data_batch_1": b"\x80\2", "cifar/test_batch": b"\x80\2"}, made),
        Input("CIFAR-10 Python version", "tar.gz", "cifar-10.tar.gz", {"cifar-10.tar.gz": packed_gz(tar_of(
            {"cifar-10-batches-py/data_batch_1": b"\x80\2"}))}, made),
    ]


def cifar_100():
    made = sets.cifar_content(train=(3, 2), classes=100)
    made.classes = [f"class{i}" for i in range(100)]
    files = {**sets.cifar_100(made), **FINE_NAMES, **COARSE_NAMES}
    expected = used(made)
    numbered = Content([str(i) for i in range(100)], made.splits)
    far = sets.cifar_content(train=(3, 0, 0, 0, 0, 0, 2), test=(1, 0, 0, 0, 0, 0, 1), classes=100)
    coarse = Content(["group0", "group1"], {split: [(label // 5, picture) for label, picture in images]
                                            for split, images in far.splits.items()})

    def changed(variation, more, says=UNUSED, **options):
        return Input("CIFAR-100 binary", variation, "cifar", {**files, **more}, made, expected, says=says,
                     **options)
    bare = sets.cifar_100(made)
    train = files["cifar/train.bin"]
    untested = {name: data for name, data in files.items() if "test.bin" not in name}
    only = Content(made.classes, {"train": made.splits["train"]})
    return [
        changed("upright", {}),
        Input("CIFAR-100 binary", "tar.gz", "cifar.tar.gz", {"cifar.tar.gz": packed_gz(tar_of(files))}, made,
              expected, says=UNUSED),
        Input("CIFAR-100 binary", "no names of classes", "cifar", bare, numbered, used(numbered),
              says=UNUSED + ("named by their numbers",)),
        Input("CIFAR-100 binary", "labels=coarse", "cifar", {
            **sets.cifar_100(far), **FINE_NAMES, **COARSE_NAMES}, coarse, says=UNUSED,
            settings=("labels=coarse",)),
        Input("CIFAR-100 binary", "no test split", "cifar", untested, only),
        Input("CIFAR-100 binary", "no test split, test_share=0.4", "cifar", untested, used(only), says=UNUSED,
              held_out=True, settings=("test_share=0.4",)),
        changed("file cut off", {"cifar/train.bin": train[:-100]}, ()),
        changed("empty file", {"cifar/train.bin": b""}, ()),
        changed("label out of range", {"cifar/train.bin": b"\0\x64" + train[2:]}, ()),
        changed("pictures beside", {"cifar/a.png": pictures.png(made.splits["test"][0][1])},
                UNUSED + ("a.png",), elsewhere=1),
        Input("CIFAR-100 Python version", "folder", "cifar", {
            "cifar/train": b"\x80\2", "cifar/test": b"\x80\2", "cifar/meta": b"\x80\2"}, made),
    ]


def emnist():
    """Published names: images are stored transposed, and letters are labelled from 1."""
    def stored(made, first):
        return Content(made.classes, {split: [(label + first, sets.transposed(picture))
                                              for label, picture in images]
                                      for split, images in made.splits.items()})
    letters = content(classes=("A", "B"))
    files = idx(stored(letters, 1), packed_gz, ".gz", "emnist-letters-", "test")
    numbers = content(classes=("0", "1"))
    others = idx(stored(numbers, 0), packed_gz, ".gz", "emnist-digits-", "test")
    mapping = {"digits/emnist-letters-mapping.txt": b"1 65 97\n2 66 98\n"}
    named = Content(["A/a", "B/b"], letters.splits)
    says = ("labels 1 to 2 of the letters became 0 to 1", "they were turned upright")
    first = next(iter(files))
    only = Content(letters.classes, {"train": letters.splits["train"]})
    untested = {name: data for name, data in files.items() if "-test-" not in name}
    return [
        Input("EMNIST", "letters", "digits", files, letters, says=says),
        Input("EMNIST", "digits", "digits", others, numbers, says=says[1:]),
        Input("EMNIST", "letters with a mapping", "digits", {**files, **mapping}, named, says=says),
        Input("EMNIST", "damaged mapping", "digits", {
            **files, "digits/emnist-letters-mapping.txt": b"1 A\n"}, named),
        Input("EMNIST", "mapping that lacks a class", "digits", {
            **files, "digits/emnist-letters-mapping.txt": b"1 65\n"}, named),
        Input("EMNIST", "several sets in one folder", "digits", {**files, **others}, letters),
        Input("EMNIST", "one of several sets", "digits/emnist-letters", {**files, **others}, letters, says=says),
        Input("EMNIST", "no test split", "digits", untested, only),
        Input("EMNIST", "no test split, test_share=0.2", "digits", untested, only, says=says, held_out=True,
              settings=("test_share=0.2",)),
        Input("EMNIST", "file cut off", "digits", {**files, first: files[first][:100]}, letters),
        Input("EMNIST", "zip of IDX files", "emnist.zip", {"emnist.zip": sets.zip_of(files)}, letters),
    ]


def qmnist():
    made = content(classes=("0", "1"))
    files = {}
    for split, images in made.splits.items():
        table = struct.pack(">III", 0xc02, len(images), 8)
        table += b"".join(struct.pack(">8I", label, 4, 3, 2, 1, 0, 0, 0) for label, _ in images)
        files[f"digits/qmnist-{split}-images-idx3-ubyte.gz"] = packed_gz(sets.idx_images(images))
        files[f"digits/qmnist-{split}-labels-idx2-int.gz"] = packed_gz(table)
    return [Input("QMNIST", "labels as a table", "digits", files, made,
                  says=("of the 8 columns of the label files, the first one is the class",))]


UNREAD = {"parquet": b"PAR1", "mat": b"MATLAB 5.0 MAT-file", "h5": b"\x89HDF\r\n\x1a\n", "hdf5": b"\x89HDF",
          "arff": b"@relation", "pkl": b"\x80\4N.", "pkl.gz": packed_gz(b"\x80\4N."), "npy": b"\x93NUMPY",
          "pt": sets.zip_of({"archive/data.pkl": b"x"}), "tfrecord": b"x",
          "xlsx": sets.zip_of({"xl/workbook.xml": b"<x/>"}), "json": b"{}", "7z": b"7z\xbc\xaf", "rar": b"Rar!",
          "tar.zst": b"\x28\xb5\x2f\xfd", "txt": b"x", "bin": b"x", "mp4": b"x"}


def unread():
    found = [Input("files that are not read", f".{ending}", f"data.{ending}", {f"data.{ending}": data}, None)
             for ending, data in UNREAD.items()]
    found += [Input("files that are not read", f"folder with .{ending}", "data", {
        f"data/train.{ending}": UNREAD[ending], f"data/test.{ending}": UNREAD[ending]}, None)
        for ending in ("parquet", "mat", "h5", "npy", "txt")]
    image = pictures.png(content((1, 0), ()).splits["train"][0][1])
    found += [Input("files that are not read", "a single picture", "a.png", {"a.png": image}, None, elsewhere=1),
              Input("files that are not read", "empty file", "data", {"data": b""}, None),
              Input("files that are not read", "folder of folders of .heic", "photos", {
                  f"photos/train/{name}/{i}.heic": b"x" for name in ("bar", "ring") for i in range(3)}, None,
                  elsewhere=6)]
    return found


def inputs():
    return cifar_10() + cifar_100() + emnist() + qmnist() + unread()
