"""What an input is, and variations that every container can have."""

from dataclasses import dataclass, field

from inputs import pictures
from inputs.sets import Content, content


@dataclass
class Input:
    """path: what `minima data info` is given; files: content by path; put: the images in it.

    expected: the documented result, if it is not `put`. elsewhere: images besides those of `put`.
    says: texts that the notes or the refusal must contain. Whatever is not read as it was put in
    needs a note. same_pixels: the pixels read are those of `expected`. held_out: minima itself takes
    the test images out of the training images.
    """
    container: str
    variation: str
    path: str
    files: dict
    put: Content = None
    expected: Content = None
    elsewhere: int = 0
    says: tuple = ()
    settings: tuple = ()
    same_pixels: bool = True
    held_out: bool = False


@dataclass
class Container:
    """write(content) returns the files. numbered: its classes are numbers from 0."""
    name: str
    path: str
    write: object
    channels: int = 1
    numbered: bool = True
    across: int = 3
    validation: bool = False
    damaged: str = ""  # the path of the file to damage; "": the first one
    splits_by_itself: bool = False
    notes: tuple = ()
    settings: tuple = ()
    other: dict = field(default_factory=dict)

    def content(self, train=(6, 5), test=(3, 2), val=(), classes=None):
        classes = classes or ([str(i) for i in range(len(train))] if self.numbered else
                              ["bar", "ring", "star", "disc"][:len(train)])
        return content(train, test, val, classes, self.channels, across=self.across)

    def input(self, variation, made, files=None, **options):
        options.setdefault("says", ())
        options["says"] = tuple(options["says"]) + self.notes
        options["settings"] = tuple(options.get("settings", ())) + self.settings
        return Input(self.name, variation, self.path, files or self.write(made), made, **options)


def upright(of):
    return [of.input("upright", of.content())]


def splits(of):
    """Which splits there are."""
    no_test = of.content(test=())
    inputs = [of.input("no test split", no_test, held_out=of.splits_by_itself)]
    if of.validation:
        inputs.append(of.input("train, val and test", of.content(val=(2, 2))))
        made = of.content(test=(), val=(2, 2))
        expected = Content(made.classes, {"train": made.splits["train"], "test": made.splits["val"]})
        inputs.append(of.input("train and val", made, expected=expected, says=("val",)))
    if not of.splits_by_itself:
        inputs.append(of.input("no test split, test_share=0.2", no_test, held_out=True,
                               settings=("test_share=0.2",)))
    return inputs


def classes(of):
    """Classes with few or no images."""
    lacking = of.content(train=(6, 5, 4), test=(3, 2, 0))
    inputs = [of.input("one class", of.content(train=(6,), test=(3,))),
              of.input("class without test images", lacking, says=("no test images",)),
              of.input("very unequal classes", of.content(train=(24, 2)), says=("12 times as large",))]
    if of.numbered:
        made = of.content(train=(6, 5, 0, 4), test=(3, 2, 0, 2))
        inputs.append(of.input("label that never occurs", made, expected=without_class(made, 2),
                               says=("no image in any split",)))
        made = of.content(train=(0, 6, 5), test=(0, 3, 2))
        inputs.append(of.input("labels from 1", made, expected=without_class(made, 0),
                               says=("no image in any split",)))
    return inputs


def without_classes(made, gone):
    for label in sorted(gone, reverse=True):
        made = without_class(made, label)
    return made


def without_class(made, gone):
    return Content([name for label, name in enumerate(made.classes) if label != gone],
                   {split: [(label - (label > gone), picture) for label, picture in images]
                    for split, images in made.splits.items()})


def suspicious(of):
    """Pictures that look wrong."""
    made = of.content()
    both = Content(made.classes, {"train": made.splits["train"], "test": made.splits["train"][:4]})
    label, picture = made.splits["train"][0]
    twice = Content(made.classes, {**made.splits,
                                   "train": made.splits["train"][:-1] + [(1 - label, picture)]})
    blank = made.mapped(lambda each: pictures.changed(each, lambda _: 0))
    return [of.input("same images in training and test", interleaved(both), says=("also training images",)),
            of.input("one picture with two labels", interleaved(twice), says=("more than one label",)),
            of.input("all images black", blank, says=("every pixel is black",)),
            of.input("only values 0 to 15", made.mapped(lambda each: pictures.changed(each, lambda v: v >> 4)),
                     says=("use only 0 to 15 of 255", "12 bits stored in 16")),
            of.input("mask of 0 and 1", made.mapped(lambda each: pictures.changed(each, lambda v: v >> 7)),
                     says=("use only 0 to 1 of 255", "multiplied by 255"))]


def interleaved(made):
    """In the order of folders: image i of n of a class is at (i + 1/2) / n."""
    ordered = Content(made.classes)
    for split, images in made.splits.items():
        counts, numbers, seats = made.counts(split), [0] * len(made.classes), []
        for label, picture in images:
            seats.append(((numbers[label] + 0.5) / counts[label], label, picture))
            numbers[label] += 1
        seats.sort(key=lambda seat: seat[:2])
        ordered.splits[split] = [(label, picture) for _, label, picture in seats]
    return ordered


def grey_as_colour(of):
    made = content(classes=of.content().classes, across=of.across)
    return [of.input("grey stored as colour", made.mapped(pictures.as_colour),
                     says=("grey but stored as colour",))]


def damaged(of):
    """One file is damaged."""
    made = of.content()
    files = of.write(made)
    name = of.damaged or next(iter(files))
    # nine tenths: what is left looks right at its beginning
    return [of.input("file cut off", made, {**files, name: files[name][:len(files[name]) * 9 // 10]}),
            of.input("empty file", made, {**files, name: b""}),
            of.input("file with other content", made, {**files, name: b"<html>404 Not Found</html>\n" * 9})]
