"""IDX files and NumPy archives."""

import lzma
import struct

from inputs import kinds, pictures, sets
from inputs.kinds import Container, Input
from inputs.sets import Content, content, idx, packed_gz

PACKED = {"IDX": (lambda data: data, ""), "IDX, gz": (packed_gz, ".gz"), "IDX, xz": (lzma.compress, ".xz")}
NUMBERS = ("0", "1")


def idx_container(name):
    pack, ending = PACKED[name]
    return Container(name, "digits", lambda made: idx(made, pack, ending))


def digits(**options):
    return content(classes=NUMBERS, **options)


def idx_layouts():
    made = digits()
    files = idx(made)
    images, labels = made.splits["train"], made.splits["test"]

    def changed(variation, more, says=(), **options):
        return Input("IDX", variation, "digits", {**files, **more}, made, says=says, **options)
    short = {"digits/train-labels-idx1-ubyte": sets.idx_labels(images[:-1])}
    floats = struct.pack(">II", 0xd01, len(images)) + bytes(4 * len(images))
    wide = struct.pack(">IIII", 0xb03, len(images), 16, 24) + bytes(2 * 16 * 24 * len(images))
    without_labels = {name: data for name, data in files.items() if "train-labels" not in name}
    return [
        Input("IDX", "names with dots", "digits", idx(made, joint="."), made),
        Input("IDX", "in the folder raw", "digits", {
            name.replace("digits/", "digits/raw/"): data for name, data in files.items()}, made),
        Input("IDX", "test files named test", "digits", idx(made, test="test"), made),
        Input("IDX", "a prefix", "digits", idx(made, prefix="small-"), made),
        Input("IDX", "several sets in one folder", "digits", {**idx(made, prefix="a-"), **idx(made, prefix="b-")},
              made),
        Input("IDX", "one of several sets, by its prefix", "digits/a", {
            **idx(made, prefix="a-"), **idx(made, prefix="b-")}, made),
        Input("IDX", "name of a file", "digits/train-images-idx3-ubyte", files, made),
        Input("IDX", "labels missing", "digits", without_labels, made),
        changed("a label less than images", short),
        changed("labels of 32 bits", {"digits/train-labels-idx1-ubyte": floats}),
        changed("images of 16 bits", {"digits/train-images-idx3-ubyte": wide}),
        changed("bytes too many", {"digits/t10k-labels-idx1-ubyte": sets.idx_labels(labels) + b"x"}),
        changed("plain and gz", {"digits/train-images-idx3-ubyte.gz": packed_gz(sets.idx_images(images))}),
        changed("a third split", {"digits/val-images-idx3-ubyte": sets.idx_images(labels),
                                  "digits/val-labels-idx1-ubyte": sets.idx_labels(labels)},
                ("val-images-idx3-ubyte",), elsewhere=len(labels)),
        changed("pictures beside", {"digits/a.png": pictures.png(images[0][1])}, ("a.png",), elsewhere=1),
        changed("a folder of pictures beside", sets.folder(content(), top="digits"), ("train",),
                elsewhere=16),
        changed("text file beside", {"digits/README.md": b"x"}, ("README.md",)),
        Input("IDX", "images of two sizes", "digits", {
            **files, "digits/t10k-images-idx3-ubyte": sets.idx_images(digits(across=2).splits["test"])}, made),
    ]


def npz_container(name):
    write = sets.keras if name == "npz of Keras" else sets.medmnist
    return Container(name, "digits.npz", lambda made: {"digits.npz": sets.zip_of(write(made))},
                     validation=True, damaged="digits.npz")




def npz_layouts():
    made = digits()
    arrays = sets.keras(made)
    train = made.splits["train"]
    pixels = b"".join(picture.planes for _, picture in train)
    shape = (len(train), 16, 24)

    def changed(variation, more, says=(), **options):
        return Input("npz of Keras", variation, "digits.npz", {
            "digits.npz": sets.zip_of({**arrays, **more})}, made, says=says, **options)
    colour = content(classes=NUMBERS, channels=3)
    grey = made.mapped(pictures.as_colour)
    floats = b"".join(struct.pack("<f", value / 255) for value in pixels)
    wide = b"".join(struct.pack("<H", value) for value in pixels)
    one_hot = b"".join(bytes([label == 0, label == 1]) for label, _ in train)
    only = Content(made.classes, {"train": train})
    without = {name: data for name, data in arrays.items() if name != "y_test.npy"}
    return [
        Input("npz of Keras", "colour", "digits.npz", {"digits.npz": sets.zip_of(sets.keras(colour))}, colour),
        Input("npz of Keras", "grey stored as colour", "digits.npz", {
            "digits.npz": sets.zip_of(sets.keras(grey))}, grey, says=("grey but stored as colour",)),
        Input("npz of Keras", "images and labels only", "digits.npz", {"digits.npz": sets.zip_of(
            {"images.npy": arrays["x_train.npy"], "labels.npy": arrays["y_train.npy"]})}, only,
            settings=("test_share=0.2",), held_out=True),
        Input("npz of Keras", "labels missing", "digits.npz", {"digits.npz": sets.zip_of(without)}, made),
        changed("images of floating point", {"x_train.npy": sets.npy("<f4", shape, floats)}),
        changed("images of 16 bits", {"x_train.npy": sets.npy("<u2", shape, wide)}),
        changed("images in Fortran order", {"x_train.npy": sets.npy("|u1", shape, pixels, fortran=True)}),
        changed("channels first", {"x_train.npy": sets.npy("|u1", (11, 3, 16, 8), pixels)}),
        changed("images as rows", {"x_train.npy": sets.npy("|u1", (11, 384), pixels)}),
        changed("labels as one-hot rows", {"y_train.npy": sets.npy("|u1", (11, 2), one_hot)}),
        changed("labels of floating point", {"y_train.npy": sets.npy("<f8", (11,), bytes(88))}),
        changed("negative label", {"y_train.npy": sets.npy("<i8", (11,), b"\xff" * 88)}),
        changed("label 70000", {"y_train.npy": sets.npy("<i4", (11,), struct.pack("<i", 70000) * 11)}),
        changed("a label less than images", {"y_train.npy": sets.npy_labels(train[:-1])}),
        changed("another array", {"names.npy": sets.npy("|u1", (2,), b"ab")}, ("names",)),
        changed("another array of images", {"x_extra.npy": arrays["x_test.npy"]}, ("x_extra",), elsewhere=5),
        changed("a text file in it", {"README.txt": b"x"}, ("README.txt",)),
        changed("pictures in it", {"a.png": pictures.png(train[0][1])}, ("a.png",), elsewhere=1),
        changed("Python objects in it", {"y_test.npy": sets.npy("|O", (5,), b"\x80\4N.")}),
        Input("npz of Keras", "named .zip", "digits.zip", {"digits.zip": sets.zip_of(arrays)}, made),
        Input("npz of Keras", "in a folder", "digits", {"digits/digits.npz": sets.zip_of(arrays)}, made),
        Input("npz of Keras", "other names of arrays", "digits.npz", {"digits.npz": sets.zip_of(
            {"a.npy": arrays["x_train.npy"], "b.npy": arrays["y_train.npy"]})}, made),
    ]


def inputs():
    found = []
    for name in PACKED:
        of = idx_container(name)
        found += kinds.upright(of) + kinds.splits(of) + kinds.damaged(of)
        if name == "IDX":
            found += kinds.classes(of) + kinds.suspicious(of) + idx_layouts()
    for name in ("npz of Keras", "npz of MedMNIST"):
        of = npz_container(name)
        found += kinds.upright(of) + kinds.splits(of) + kinds.classes(of) + kinds.damaged(of)
        found += kinds.suspicious(of) if name == "npz of Keras" else []
    return found + npz_layouts()
