"""Folders of images, of each kind of picture and each layout."""

from inputs import kinds, pictures
from inputs.kinds import Container, Input
from inputs.sets import Content, EmptyFolder, Link, Pipe, content, folder

COLOUR = 3
# name: (encoder, ending, channels of the pictures, has an orientation)
PICTURES = {"PNG": (pictures.png, ".png", 1, True), "JPEG": (pictures.jpeg, ".jpg", 1, True),
            "BMP": (pictures.bmp, ".bmp", COLOUR, False), "GIF": (pictures.gif, ".gif", COLOUR, False),
            "WebP": (pictures.webp, ".webp", COLOUR, True), "TIFF": (pictures.tiff, ".tif", 1, True),
            "PNM": (pictures.pnm, ".pgm", 1, False)}
PNG = "folder of PNG"


def container(kind):
    encode, ending, channels, _ = PICTURES[kind]
    return Container(f"folder of {kind}", "photos", lambda made: folder(made, encode, ending),
                     channels=channels, numbered=False, validation=True, splits_by_itself=True,
                     damaged=f"photos/train/bar/001{ending}")


def of_pictures(kind):
    encode, ending, channels, turns = PICTURES[kind]
    of = container(kind)
    made = of.content()
    inputs = kinds.upright(of) + kinds.damaged(of)
    if turns:
        inputs.append(of.input("EXIF-rotated", made, folder(
            made, lambda each: encode(pictures.left(each), exif=pictures.EXIF), ending),
            says=("16 images turned upright",)))
    other = ".png" if kind != "PNG" else ".jpg"
    inputs.append(of.input("wrong extension", made, folder(made, encode, other)))
    inputs.append(of.input("extension in capitals", made, folder(made, encode, ending.upper())))
    files = of.write(made)
    larger = content((1, 0), (), channels=channels, down=3, across=3).splits["train"][0][1]
    name = of.damaged
    inputs.append(of.input("mixed sizes", made, {**files, name: encode(larger)}))
    inputs.append(of.input("mixed sizes, size=16x24", made, {**files, name: encode(larger)},
                           settings=("size=16x24",), same_pixels=False))
    if kind == "GIF":
        grey = content()
        inputs.append(of.input("palette of grey", grey, folder(grey, encode, ending)))
    elif kind != "JPEG":  # the encoder here makes grey JPEG only
        inputs += kinds.grey_as_colour(of)
    return inputs


def named(variation, made=None, says=(), names=None, **options):
    """A folder of PNG whose splits have other names."""
    made = made or content()
    return Input(PNG, variation, "photos", folder(made, names=names), made, says=says, **options)


def as_test(made):
    return Content(made.classes, {"train": made.splits["train"], "test": made.splits["val"]})


def layouts():
    inputs = []
    for word in ("val", "valid", "validation", "VALID"):
        made = content(test=(), val=(2, 2))
        inputs.append(named(f"train and {word}", made, (f"images of {word} are the test set",),
                            {"val": word}, expected=as_test(made)))
        inputs.append(named(f"train, {word} and test", content(val=(2, 2)), names={"val": word}))
    inputs += [named("training and testing", names={"train": "training", "test": "testing"}),
               named("Train and Test", names={"train": "Train", "test": "Test"}),
               named("TRAINING and TESTING", names={"train": "TRAINING", "test": "TESTING"}),
               named("train and dev", content(test=(), val=(2, 2)), ("dev",),
                     {"val": "dev"}, expected=Content(["bar", "ring"], {"train": content().splits["train"]}),
                     held_out=True)]
    made = content(test=())
    inputs.append(named("class folders only", made, names={"train": ""}, held_out=True))
    inputs.append(named("class folders only, test_share=0.4", made, names={"train": ""}, held_out=True,
                        settings=("test_share=0.4",)))
    made = content()
    inputs += [named("one level deeper", made, names={"train": "data/train", "test": "data/test"}),
               named("test without train", Content(made.classes, {"test": made.splits["test"]})),
               Input(PNG, "images without class folders", "photos",
                     {f"photos/{i}.png": pictures.png(p) for i, (_, p) in enumerate(made.splits["train"])},
                     made),
               Input(PNG, "images of the training split without class folders", "photos",
                     {f"photos/train/{i}.png": pictures.png(p)
                      for i, (_, p) in enumerate(made.splits["train"])}, made),
               Input(PNG, "empty folder", "photos", {"photos": EmptyFolder()}),
               with_files("empty class folder", {"photos/train/star": EmptyFolder()}),
               with_files("class of the test split that is not in training",
                          {"photos/test/star/0.png": some_png()}, elsewhere=1),
               with_files("two folders for one split", {"photos/Testing/bar/0.png": some_png()}, elsewhere=1),
               Input(PNG, "several datasets in one folder", "photos",
                     {**folder(made, top="photos/first"), **folder(made, top="photos/second")}, made)]
    return inputs


def some_png(seed=7):
    return pictures.png(content((1, 0), (), seed=seed).splits["train"][0][1])


def with_files(variation, more, says=(), made=None, **options):
    made = made or content()
    return Input(PNG, variation, "photos", {**folder(made), **more}, made, says=says, **options)


SYSTEM_FILES = {"photos/.DS_Store": b"x", "photos/train/Thumbs.db": b"x", "photos/train/bar/desktop.ini": b"x",
                "photos/__MACOSX/train/bar/._000.png": b"x", "photos/train/bar/._000.png": b"x",
                "photos/train/@eaDir/000.png/SYNOPHOTO_THUMB_M.jpg": b"x"}


def stray():
    """Files and folders besides the images."""
    heic = {f"photos/train/bar/1{i:02}.heic": b"\0\0\0\x18ftypheic" for i in range(14)}
    return [
        with_files("system files", SYSTEM_FILES),
        with_files("hidden files", {"photos/train/bar/.000.png": some_png()}, ("1 hidden file",), elsewhere=1),
        with_files("hidden folder", {"photos/.old/bar/000.png": some_png()}, ("1 hidden folder",), elsewhere=1),
        with_files("text files beside", {"photos/README.md": b"x", "photos/train/labels.csv": b"a,b\n",
                                         "photos/train/bar/notes.txt": b"x"},
                   ("README.md", "labels.csv", "notes.txt")),
        with_files("unread pictures (.heic)", heic, ("14 .heic files",), elsewhere=14),
        with_files("unread picture (.svg)", {"photos/test/ring/a.svg": b"<svg/>"}, ("1 .svg file",), elsewhere=1),
        with_files("file without extension", {"photos/train/bar/000": some_png()},
                   ("file without an extension",), elsewhere=1),
        with_files("images beside the classes", {"photos/train/a.png": some_png()},
                   ("1 image beside the class folders",), elsewhere=1),
        with_files("images beside the splits", {"photos/a.png": some_png()},
                   ("1 image beside the class folders",), elsewhere=1),
        with_files("images below a class", {"photos/train/bar/good/a.png": some_png()},
                   ("1 image in folders below a class folder",), elsewhere=1),
        with_files("all images of a class one level deeper", {
            f"photos/train/star/good/{i}.png": some_png(i) for i in range(3)}, elsewhere=3),
        with_files("another folder beside the splits", {"photos/extra/bar/a.png": some_png()},
                   ("1 folder beside the training images left out (extra)",), elsewhere=1),
        with_files("archive beside the images", {"photos/train/bar/more.zip": b"PK\5\6" + bytes(18)},
                   ("1 .zip file",)),
        with_files("train.csv beside the splits", {"photos/train.csv": b"label,p1,p2\n0,1,2\n1,3,4\n"},
                   ("train.csv",)),
        Input(PNG, "train.csv beside class folders", "photos",
              {**folder(content(test=()), names={"train": ""}), "photos/train.csv": b"label,a1\n0,1\n1,3\n"},
              content(test=()), says=("has the table train.csv and folders of pictures",)),
        with_files("IDX files beside the splits", {
            "photos/train-images-idx3-ubyte": b"x", "photos/train-labels-idx1-ubyte": b"x"}),
        with_files("pipe", {"photos/train/bar/pipe": Pipe()}, ("1 pipe or device",)),
        with_files("pipe with the name of an image", {"photos/train/bar/a.png": Pipe()}, ("1 pipe or device",)),
    ]


def links():
    made = content()
    files = folder(made)
    target = files.pop("photos/train/bar/001.png")
    return [
        Input(PNG, "linked image", "photos", {**files, "elsewhere/1.png": target,
                                              "photos/train/bar/001.png": Link("../../../elsewhere/1.png")}, made),
        Input(PNG, "broken link", "photos", {**files, "photos/train/bar/001.png": Link("nowhere.png")}, made),
        Input(PNG, "linked class folder", "photos", {
            **{name.replace("photos/train/bar", "elsewhere"): data for name, data in folder(made).items()},
            "photos/train/bar": Link("../../elsewhere")}, made),
        Input(PNG, "linked dataset", "link", {**folder(made), "link": Link("photos")}, made),
        with_files("link to a folder below a class", {"photos/train/bar/more": Link("../ring")},
                   ("5 images in folders below a class folder",), elsewhere=5),
        with_files("link that leads in a circle", {"photos/train/bar/round": Link("..")},
                   ("1 linked or very deep folder",)),
    ]


def names():
    inputs = []
    for variation, classes in (("names with spaces", ("a bar", "a ring")),
                               ("names in Greek", ("άλφα", "βήτα")),
                               ("names with emoji", ("🍎", "🍐")),
                               ("names with control characters", ("a\tb\x1b[31m", "c\nd")),
                               ("names with quotes", ("a\"b", "c'd")),
                               ("names with equals signs", ("a=1", "size=2x2"))):
        inputs.append(named(variation, content(classes=classes)))
    inputs.append(Input(PNG, "names that are not UTF-8", "photos", {
        name.replace("bar", "b\udcffr"): data for name, data in folder(content()).items()}, content()))
    inputs.append(named("numbers as names", content((2, 2, 2), (1, 1, 1), classes=("1", "10", "2")),
                        ("all class names are numbers, but not those of the outputs",)))
    inputs.append(named("numbers from 0 as names", content((2, 2, 2), (1, 1, 1), classes=("0", "1", "2"))))
    for variation, path in (("path with spaces", "my photos"), ("path like a setting", "x train=5"),
                            ("path with an accent", "fotos é")):
        inputs.append(Input(PNG, variation, path, folder(content(), top=path), content()))
    inputs += [Input(PNG, "path with a slash at the end", "photos/", folder(content()), content()),
               Input(PNG, "path that does not exist", "phtos", folder(content()), content()),
               Input(PNG, "path in the home folder that does not exist", "~/photos", {}, None)]
    return inputs


def depths():
    """Numbers of bits, transparency and frames."""
    of = container("PNG")
    made = of.content()

    def png(variation, says=(), same_pixels=True, expected=None, **options):
        return of.input(variation, made, folder(made, lambda each: pictures.png(each, **options)),
                        says=says, same_pixels=same_pixels, expected=expected)
    return [
        png("16 bits", deep=lambda value: value * 257),
        png("12 bits in 16", ("12 bits stored in 16",), same_pixels=False, deep=lambda value: value * 16),
        png("8 bits in 16", ("use only 0 to 1 of 255",), same_pixels=False, deep=lambda value: value),
        png("opaque with alpha", alpha=lambda value: 255),
        png("transparent background, dark ink", same_pixels=False,
            alpha=lambda value: 0 if value > 128 else 255),
        of.input("transparent background, white ink", made, folder(
            made.mapped(lambda each: pictures.changed(each, lambda v: 255)),
            lambda each: pictures.png(each, alpha=lambda value: 0)), same_pixels=False,
            says=("nothing is left of all 16 images",)),
    ]


def bad():
    """Several bad files, and skip_bad."""
    made = content((16, 5), (3, 2))
    files = folder(made)
    broken = {**files, **{f"photos/train/bar/{i:03}.png": b"not a picture" for i in range(12)}}
    kept = Content(made.classes, dict(made.splits))
    after = {**files, "photos/train/bar/000.png": b"", "photos/train/ring/001.png": b"GIF89a"}
    gone = ((0, 0), (1, 1))  # label and number of the two
    numbers, kept.splits["train"] = [0, 0], []
    for label, picture in made.splits["train"]:
        if (label, numbers[label]) not in gone:
            kept.splits["train"].append((label, picture))
        numbers[label] += 1
    everything = {**files, **{f"photos/train/ring/{i:03}.png": b"" for i in range(5)}}
    frames = content(channels=COLOUR)
    return [Input(PNG, "twelve bad files", "photos", broken, made, says=("12 of 26 image files", "and 2 more")),
            Input(PNG, "two bad files, skip_bad=true", "photos", after, made, expected=kept,
                  settings=("skip_bad=true",), says=("2 unreadable image files left out by skip_bad",)),
            Input(PNG, "a class of bad files, skip_bad=true", "photos", everything, made,
                  settings=("skip_bad=true",)),
            Input("folder of GIF", "three frames", "photos", folder(
                frames, lambda each: pictures.gif(each, frames=3), ".gif"), frames,
                says=("only the first frame or page was read of 16 files",)),
            Input("folder of TIFF", "three pages", "photos", folder(
                made, lambda each: pictures.tiff(each, pages=3), ".tif"), made,
                says=("only the first frame or page was read of 26 files",)),
            Input("folder of PNG", "animation of three frames (APNG)", "photos", folder(
                made, lambda each: pictures.png(each, frames=3)), made,
                says=("only the first frame or page was read of 26 files",)),
            Input("folder of PNM", "three pictures in a file", "photos", folder(
                made, lambda each: pictures.pnm(each) * 3, ".pgm"), made,
                says=("only the first frame or page was read of 26 files",)),
            Input("folder of JPEG", "further data after the end", "photos", folder(
                made, lambda each: pictures.jpeg(each) + b"more", ".jpg"), made),
            Input("folder of several kinds", "one kind after the other", "photos", mixed(content()), content()),
            Input("folder of several kinds", "grey and colour", "photos", grey_and_colour(),
                  content().mapped(pictures.as_colour), says=("grey but stored as colour",))]


def mixed(made):
    """Grey pictures of four kinds."""
    files, encoders = {}, [PICTURES[kind][:2] for kind in ("PNG", "JPEG", "TIFF", "PNM")]
    for number, name in enumerate(folder(made)):
        encode, ending = encoders[number % 4]
        files[name.replace(".png", ending)] = folder(made, encode)[name]
    return files


def grey_and_colour():
    made = content()
    files = folder(made)
    files["photos/train/bar/001.png"] = folder(made.mapped(pictures.as_colour))["photos/train/bar/001.png"]
    return files


def inputs():
    png = container("PNG")
    found = []
    for kind in PICTURES:
        found += of_pictures(kind)
        if kind == "PNG":
            found += kinds.splits(png)[:1] + kinds.classes(png) + kinds.suspicious(png)
            found += layouts() + stray() + links() + names() + depths()
    return found + bad()
