"""Images of bars, dots and rings on a noisy background, in a folder as users have them."""

import random
import struct
import zlib

import program

SIDE = 12
KINDS = ("bar", "dot", "ring")
TEST_IMAGES = 40  # per class


def png(pixels):
    """A gray image from rows of bytes."""
    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
    rows = b"".join(b"\0" + bytes(row) for row in pixels)
    header = struct.pack(">IIBBBBB", len(pixels[0]), len(pixels), 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) +
            chunk(b"IEND", b""))


def shape(kind, draw):
    """A bar, a ring or a dot at a random position on a noisy background."""
    x, y = draw.uniform(4, 7), draw.uniform(4, 7)

    def lit(row, column):
        distance = ((row - y) ** 2 + (column - x) ** 2) ** 0.5
        return {"bar": abs(row - y) < 1.2, "ring": 2.5 < distance < 4.5, "dot": distance < 2}[kind]

    return [[min(255, draw.randrange(60) + 180 * lit(row, column)) for column in range(SIDE)]
            for row in range(SIDE)]


class DrawnImagesTest(program.ProgramTest):
    def draw_images(self):
        draw = random.Random(1)
        for split, count in (("train", 80), ("test", TEST_IMAGES)):
            for kind in KINDS:
                for number in range(count):
                    self.write(f"photos/{split}/{kind}/{number:03}.png", png(shape(kind, draw)))

    def raw_images(self):
        """Raw bytes of the test images in dataset order: the classes alternate."""
        images = []
        for number in range(TEST_IMAGES):
            for kind in KINDS:
                data = (self.folder / f"photos/test/{kind}/{number:03}.png").read_bytes()
                at = data.index(b"IDAT")
                length = struct.unpack(">I", data[at - 4:at])[0]
                rows = zlib.decompress(data[at + 4:at + 4 + length])
                images.append(b"".join(rows[i * 13 + 1:(i + 1) * 13] for i in range(SIDE)))
        return b"".join(images)
