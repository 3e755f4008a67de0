"""Tables of pixels."""

from inputs import kinds, pictures, sets
from inputs.kinds import Container, Input
from inputs.sets import Content, content, packed_gz, table

# Tables do not say how high and wide the images are, so these are squares.
SQUARE = {"down": 2, "across": 2}


def container(name):
    ending, separator = (".csv", ",") if name == "CSV" else (".tsv", "\t")
    return Container(name, "digits", lambda made: tables(made, ending, separator), across=2, validation=True)


def tables(made, ending=".csv", separator=",", **options):
    return {f"digits/{split}{ending}": table(made, split, separator, **options).encode()
            for split in made.splits}


def digits(**options):
    return content(classes=("0", "1"), **SQUARE, **options)


def layouts():
    made = digits()
    files = tables(made)
    text = files["digits/train.csv"].decode()
    lines = text.split("\n")

    def changed(variation, train, says=(), **options):
        data = train if isinstance(train, bytes) else train.encode()
        return Input("CSV", variation, "digits", {**files, "digits/train.csv": data}, made, says=says, **options)

    def beside(variation, more, says, elsewhere=0):
        return Input("CSV", variation, "digits", {**files, **more}, made, says=says, elsewhere=elsewhere)

    def cell(value):
        fields = lines[3].split(",")
        return "\n".join(lines[:3] + [",".join(fields[:5] + [value] + fields[6:])] + lines[4:])
    test = files["digits/test.csv"].decode().split("\n")
    unlabelled = "\n".join(line.partition(",")[2] for line in test).encode()
    colour = content(classes=("0", "1"), channels=3, **SQUARE)
    wide = content(classes=("0", "1"))
    named = Content(["bar", "ring"], made.splits)
    seven = Content([str(i) for i in range(9)], {split: [(label + 7, picture) for label, picture in images]
                                                 for split, images in made.splits.items()})
    only = Content(made.classes, {"train": made.splits["train"]})
    return [
        Input("CSV", "a single file", "train.csv", {"train.csv": text.encode()}, only),
        Input("CSV", "a single file, test_share=0.2", "train.csv", {"train.csv": text.encode()}, only,
              settings=("test_share=0.2",), held_out=True),
        Input("CSV", "names with a prefix", "digits", {
            name.replace("digits/", "digits/mnist_"): data for name, data in files.items()}, made),
        Input("CSV", "gz", "digits", {name + ".gz": packed_gz(data) for name, data in files.items()}, made),
        Input("CSV", "label last", "digits", tables(made, last=True), made),
        Input("CSV", "a column that numbers the images", "digits", tables(made, numbered=True), made,
              says=("numbers the images and was left out",)),
        Input("CSV", "no names of columns", "digits", tables(made, header=False), made,
              says=("the first one is taken as the label",)),
        Input("CSV", "labels as text", "digits", tables(made, names=("bar", "ring")), named),
        Input("CSV", "labels from 1 as text", "digits", tables(made, names=("one 1", "two 2")),
              Content(["one 1", "two 2"], made.splits)),
        Input("CSV", "labels of digits with zeros", "digits", tables(made, names=("07", "08")), seven,
              kinds.without_classes(seven, range(7)), says=("no image in any split",)),
        Input("CSV", "semicolons", "digits", tables(made, separator=";"), made),
        Input("CSV", "line ends of Windows and a byte order mark", "digits", {
            name: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") for name, data in files.items()}, made),
        Input("CSV", "UTF-16", "digits", {
            name: data.decode().encode("utf-16") for name, data in files.items()}, made),
        Input("CSV", "fields in quotes", "digits", {
            name: "\n".join(",".join(f'"{value}"' for value in line.split(",")) if line else ""
                            for line in data.decode().split("\n")).encode()
            for name, data in files.items()}, made),
        Input("CSV", "test table without labels", "digits", {**files, "digits/test.csv": unlabelled}, made),
        Input("CSV", "test table without labels, test_share=0.2", "digits", {
            **files, "digits/test.csv": unlabelled}, only, elsewhere=5, held_out=True,
            settings=("test_share=0.2",), says=("test.csv has no column of labels and was left out",)),
        Input("CSV", "images that are not square", "digits", tables(wide), wide),
        Input("CSV", "images that are not square, size=16x24", "digits", tables(wide), wide,
              settings=("size=16x24",)),
        Input("CSV", "colour", "digits", tables(colour), colour),
        Input("CSV", "colour, channels=3", "digits", tables(colour), colour, settings=("channels=3",)),
        changed("column of labels named otherwise", text.replace("label", "digit", 1),
                ('"digit", is taken as the label',)),
        changed("another column of text", "\n".join(
            [lines[0] + ",source"] + [line + ",scan" for line in lines[1:-1]]) + "\n"),
        changed("pixel 256", cell("256")),
        changed("pixel -1", cell("-1")),
        changed("pixel 0.5", cell("0.5")),
        changed("pixel missing", cell("")),
        changed("pixel NaN", cell("NaN")),
        changed("label missing", text.replace("\n0,", "\n,", 1)),
        changed("label 1.0", text.replace("\n1,", "\n1.0,")),
        changed("a line with fewer columns", text.replace(lines[3], lines[3].rpartition(",")[0])),
        changed("a line with more columns", text.replace(lines[3], lines[3] + ",7")),
        changed("empty lines", text.replace("\n", "\n\n")),
        changed("names of columns only", lines[0] + "\n"),
        changed("quotes with line breaks", text.replace("pixel0", '"pixel\n0"')),
        beside("two tables for training", {"digits/a_train.csv": text.encode()}, (), 11),
        beside("another table beside", {"digits/extra.csv": text.encode()}, ("extra.csv",), 11),
        beside("folders of pictures beside", sets.folder(content(), names={"train": "", "test": "t"}, top="digits"),
               ("has the table train.csv and folders of pictures",), 16),
        beside("other folders beside", {"digits/models/a.onnx": b"x"}, ("models/",)),
        beside("picture beside", {"digits/a.png": pictures.png(made.splits["train"][0][1])}, ("a.png",), 1),
        Input("CSV", "a table of file names", "photos/train.csv", {
            **sets.folder(content()), "photos/train.csv": b"file,label\ntrain/bar/000.png,bar\n"}, content()),
    ]


def inputs():
    found = []
    for name in ("CSV", "TSV"):
        of = container(name)
        found += kinds.upright(of) + kinds.splits(of) + kinds.damaged(of)
        if name == "CSV":
            found += kinds.classes(of) + kinds.suspicious(of) + layouts()
    return found
