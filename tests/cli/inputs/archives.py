"""Archives of image folders."""

import zipfile

from inputs import kinds, pictures, sets
from inputs.kinds import Container, Input
from inputs.sets import ARCHIVES, EmptyFolder, Link, content, folder

ENDINGS = {".zip": "zip", ".tar": "tar", ".tar.gz": "tar.gz", ".tar.xz": "tar.xz", ".tar.bz2": "tar.bz2"}


def container(ending):
    return Container(ENDINGS[ending], f"photos{ending}",
                     lambda made: {f"photos{ending}": ARCHIVES[ending](folder(made))}, numbered=False,
                     validation=True, splits_by_itself=True)


def packed(ending, variation, files, made=None, says=(), **options):
    path = f"photos{ending}"
    return Input(ENDINGS[ending], variation, path, {path: ARCHIVES[ending](files)}, made or content(),
                 says=says, **options)


def of_archive(ending):
    of = container(ending)
    made = of.content()
    files = folder(made)
    more = {"photos/train/bar/a.png": pictures.png(content((1, 0), (), seed=7).splits["train"][0][1])}
    image = more["photos/train/bar/a.png"]
    turned = folder(made, lambda each: pictures.png(pictures.left(each), exif=pictures.EXIF))
    inputs = kinds.upright(of) + kinds.splits(of) + kinds.damaged(of)
    inputs += [each for each in kinds.classes(of) if each.variation != "very unequal classes"]
    inputs += [
        packed(ending, "EXIF-rotated", turned, says=("16 images turned upright",)),
        packed(ending, "without a folder at the top", folder(made, top="")),
        packed(ending, "two folders at the top", folder(made, top="a/photos")),
        packed(ending, "bad file", {**files, "photos/train/bar/001.png": b"not a picture"}),
        packed(ending, "bad file, skip_bad=true", {**files, "photos/train/bar/zzz.png": b"not a picture"},
               settings=("skip_bad=true",), elsewhere=1, same_pixels=False,
               says=("1 unreadable image file left out",)),
        packed(ending, "stray files", {"photos/README.md": b"x", **files, "photos/train/bar/a.heic": b"x"},
               elsewhere=1, says=("1 .heic file", "1 .md file")),
        packed(ending, "system files", {**files, "__MACOSX/photos/train/bar/._000.png": b"x",
                                        "photos/.DS_Store": b"x"}),
        packed(ending, "system files first", {"__MACOSX/photos/train/bar/._000.png": b"x", **files}),
        packed(ending, "images below a class", {**files, "photos/train/bar/good/a.png": image},
               elsewhere=1, says=("1 image in folders below a class folder",)),
        packed(ending, "names that lead out (..)", {**files, "photos/../../a.png": image, "../b.png": image},
               elsewhere=2, says=("2 files whose names lead out",)),
        packed(ending, "absolute name", {**files, "/tmp/minima-absolute.png": image}, elsewhere=1,
               says=("1 file whose name leads out",)),
        packed(ending, "link", {**files, "photos/train/bar/a.png": Link("/etc/passwd")},
               says=("1 link or device of photos", "(such as photos/train/bar/a.png)")),
        packed(ending, "empty class folder", {**files, "photos/train/star": EmptyFolder()}, says=("star",)),
        packed(ending, "names with control characters", folder(content(classes=("a\tb\x1b[31m", "c\nd"))),
               content(classes=("a\tb\x1b[31m", "c\nd"))),
        packed(ending, "names in Greek", folder(content(classes=("άλφα", "βήτα"))),
               content(classes=("άλφα", "βήτα"))),
        packed(ending, "one name in Greek", folder(content(classes=("bar", "βήτα"))),
               content(classes=("bar", "βήτα"))),
        of.input("a file twice", made, {of.path: joined(ending, {**files}, 8, 7)}, elsewhere=1,
                 says=("is in the archive twice",)) if ending != ".zip" else
        of.input("cut in half", made, {of.path: of.write(made)[of.path][:1500]}),
        of.input("cut off between two files", made, {of.path: cut_between_files(ending, files)}),
        of.input("two archives one after the other", made, {of.path: joined(ending, files)},
                 says=("a second zip archive",) if ending == ".zip" else ()),
        packed(ending, "nothing in it", {}),
        packed(ending, "text only", {"photos/README.md": b"x"}),
        packed(ending, "archive in the archive", {f"photos{ending}": ARCHIVES[ending](files)}),
        packed(ending, "two datasets", {**folder(made, top="first"), **folder(made, top="second")}),
        packed(ending, "a table of labels beside", {**files, "photos/train.csv": b"file,label\n"},
               says=("1 .csv file",)),
    ]
    return inputs + tables_in(ending)


def tables_in(ending):
    """IDX files and tables of pixels in an archive."""
    made = content(classes=("0", "1"))
    square = content(classes=("0", "1"), down=2, across=2)
    images = sets.idx(made)
    packed_images = sets.idx(made, sets.packed_gz, ".gz")
    digits = {f"digits/{split}.csv": sets.table(square, split, ",").encode() for split in square.splits}
    train = digits["digits/train.csv"]
    only = sets.Content(square.classes, {"train": square.splits["train"]})
    first = next(iter(images))
    moved = {name.replace("digits/", ""): data for name, data in images.items()}

    def tables(variation, files, of=square, **options):
        return packed(ending, variation, files, of, **options)
    return [
        tables("IDX files", images, made),
        tables("IDX files, gz", packed_images, made),
        tables("IDX files without a folder at the top", moved, made),
        tables("IDX files in raw/", {"MNIST/raw/" + name: data for name, data in moved.items()}, made),
        tables("IDX files and a read-me file", {**images, "digits/README.md": b"x"}, made,
               says=("README.md",)),
        tables("IDX files and system files", {**images, "__MACOSX/digits/._train.csv": b"x"}, made),
        tables("IDX file missing", {name: data for name, data in images.items() if name != first}, made),
        tables("IDX file cut off", {**images, first: images[first][:100]}, made),
        tables("two sets of IDX files", {
            **images, **{name.replace("digits/", "digits/letters-"): data for name, data in images.items()}},
               made, elsewhere=16),
        tables("IDX files in two folders", {
            **images, **{name.replace("digits/", "more/"): data for name, data in images.items()}}, made,
               elsewhere=16),
        tables("IDX files and a link", {**images, "digits/more": Link("/etc/passwd")}, made,
               says=("1 link or device",)),
        tables("tables", digits),
        tables("tables, gz", {name + ".gz": sets.packed_gz(data) for name, data in digits.items()}),
        tables("tables, names with a prefix", {
            name.replace("digits/", "mnist_"): data for name, data in digits.items()}),
        tables("a single table", {"digits/pixels.csv": train}, only),
        tables("two tables for training", {**digits, "digits/a_train.csv": train}, elsewhere=11),
        tables("two tables with other names", {"a.csv": train, "b.csv": train}, elsewhere=11),
        tables("pixel 256 in a table", {"digits/train.csv": train.replace(b"\n0,", b"\n0,256,", 1)[:-1]}),
    ]


def cut_between_files(ending, files):
    """The archive as far as its first ten files, without its end."""
    whole, names = ARCHIVES[ending](files), list(files)
    if ending == ".zip":
        return whole[:whole.index(b"PK\3\4", whole.index(names[10].encode()) - 40)]
    if ending == ".tar":
        return whole[:whole.index(names[10].encode())]
    return whole[:len(whole) // 2]


def joined(ending, files, first=8, second=8):
    """Two archives in one file: as far as the first files, and from the second."""
    pack, every = ARCHIVES[ending], list(files.items())
    return pack(dict(every[:first])) + pack(dict(every[second:]))


# Packed further, a tar archive is read in the same way.
FEW = ("upright", "file cut off", "empty file", "file with other content", "EXIF-rotated", "bad file",
       "names that lead out (..)", "nothing in it")


def inputs():
    found = []
    for ending in ENDINGS:
        few = ending in (".tar.xz", ".tar.bz2")
        found += [each for each in of_archive(ending) if not few or each.variation in FEW]
    made = content()
    found.append(Input("tar.gz", "cut in its first half", "photos.tar.gz", {
        "photos.tar.gz": ARCHIVES[".tar.gz"](folder(made))[:500]}, made))
    files = folder(made)
    for variation, data in (("not compressed", sets.zip_with(files, zipfile.ZIP_STORED)),
                            ("compressed by LZMA", sets.zip_with(files, zipfile.ZIP_LZMA)),
                            ("compressed by bzip2", sets.zip_with(files, zipfile.ZIP_BZIP2)),
                            ("written to a pipe", sets.zip_with(files, out=sets.Unseekable())),
                            ("written to a pipe, not compressed",
                             sets.zip_with(files, zipfile.ZIP_STORED, sets.Unseekable())),
                            ("data before the archive", b"#!/bin/sh\n" + sets.zip_with(files))):
        found.append(Input("zip", variation, "photos.zip", {"photos.zip": data}, made))
    linked = {**files, "photos/train/bar/a.png": Link("photos/train/bar/000.png", hard=True)}
    found.append(packed(".tar", "hard link", linked, elsewhere=1, says=("1 link or device",)))
    found.append(Input("zip", "named .dat", "photos.dat", {"photos.dat": ARCHIVES[".zip"](folder(made))}, made))
    found.append(Input("tar", "named .dat", "photos.dat", {"photos.dat": ARCHIVES[".tar"](folder(made))}, made))
    found.append(Input("tar.gz", "named .tgz", "photos.tgz", {
        "photos.tgz": ARCHIVES[".tar.gz"](folder(made))}, made))
    return found
