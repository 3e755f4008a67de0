"""Pictures with known pixels, as files of every kind that is read; standard library only.

A picture consists of cells of 8 x 8 equal pixels, so that JPEG keeps it exactly, too."""

import struct
import zlib
from dataclasses import dataclass

CELL = 8
# EXIF: "to be rotated by 90 degrees clockwise".
EXIF = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"


@dataclass(frozen=True)
class Picture:
    height: int
    width: int
    channels: int
    planes: bytes  # [channel][row][column]

    def interleaved(self):
        """[row][column][channel]"""
        size = self.height * self.width
        out = bytearray(size * self.channels)
        for channel in range(self.channels):
            out[channel::self.channels] = self.planes[channel * size:(channel + 1) * size]
        return bytes(out)

    def rows(self):
        row, content = self.width * self.channels, self.interleaved()
        return [content[i:i + row] for i in range(0, len(content), row)]


def of_cells(cells, down, across):
    """A picture of cells[channel][row * across + column]."""
    planes = b"".join(
        b"".join(bytes([value]) * CELL for value in plane[row * across:(row + 1) * across]) * CELL
        for plane in cells for row in range(down))
    return Picture(down * CELL, across * CELL, len(cells), planes)


def changed(picture, change):
    """The same picture with change(value) in place of each value."""
    return Picture(picture.height, picture.width, picture.channels,
                   bytes(change(value) for value in picture.planes))


def as_colour(picture):
    return Picture(picture.height, picture.width, 3, picture.planes * 3)


def left(picture):
    """Rotated by 90 degrees counterclockwise."""
    size, height, width = picture.height * picture.width, picture.height, picture.width
    planes = b""
    for channel in range(picture.channels):
        plane = picture.planes[channel * size:(channel + 1) * size]
        planes += b"".join(plane[column::width] for column in range(width - 1, -1, -1))
    return Picture(width, height, picture.channels, planes)


def png(picture, deep=False, alpha=None, exif=b"", frames=1):
    """deep: 16 bits with these values, so that 8 bits keep only the upper byte (0).
    alpha: opacity of all pixels as a function of the value. frames: of an animation (APNG)."""
    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
    rows = picture.rows()
    if alpha:
        rows = [bytes(b for value in row for b in (value, alpha(value))) for row in rows]
    if deep:
        rows = [b"".join(struct.pack(">H", deep(value)) for value in row) for row in rows]
    colour = {1: 4 if alpha else 0, 3: 2}[picture.channels]
    header = struct.pack(">IIBBBBB", picture.width, picture.height, 16 if deep else 8, colour, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    before, after = chunk(b"eXIf", exif) if exif else b"", b""
    if frames > 1:
        def control(number):
            return chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, picture.width, picture.height,
                                              0, 0, 1, 9, 0, 0))
        before += chunk(b"acTL", struct.pack(">II", frames, 0)) + control(0)
        after = b"".join(control(2 * i - 1) + chunk(b"fdAT", struct.pack(">I", 2 * i) + data)
                         for i in range(1, frames))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", data) + after +
            chunk(b"IEND", b""))


def jpeg(picture, exif=b""):
    """Grey. Each block has only its mean, which 8-bit values without quantization keep exactly."""
    def segment(marker, content):
        return bytes([0xff, marker]) + struct.pack(">H", len(content) + 2) + content
    app = segment(0xe1, b"Exif\0\0" + exif) if exif else segment(0xe0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    frame = struct.pack(">BHHB", 8, picture.height, picture.width, 1) + b"\1\x11\0"
    # Code c of 4 bits stands for a difference of c bits; the only AC code, 0, ends a block.
    lengths = bytes([0, 0, 0, 12] + [0] * 12) + bytes(range(12))
    bits, before = "", 0
    for row in range(0, picture.height, CELL):
        for column in range(0, picture.width, CELL):
            mean = 8 * (picture.planes[row * picture.width + column] - 128)
            difference, before = mean - before, mean
            size = abs(difference).bit_length()
            value = difference if difference >= 0 else difference + (1 << size) - 1
            bits += f"{size:04b}" + (f"{value:0{size}b}" if size else "") + "0"
    bits += "1" * (-len(bits) % 8)
    scan = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)).replace(b"\xff", b"\xff\0")
    return (b"\xff\xd8" + app + segment(0xdb, b"\0" + b"\1" * 64) + segment(0xc0, frame) +
            segment(0xc4, b"\0" + lengths) + segment(0xc4, b"\x10\1" + bytes(15) + b"\0") +
            segment(0xda, b"\1\1\0\0\x3f\0") + scan + b"\xff\xd9")


def bmp(picture):
    rows = (picture if picture.channels == 3 else as_colour(picture)).rows()
    body = b""
    for row in reversed(rows):
        line = b"".join(row[i:i + 3][::-1] for i in range(0, len(row), 3))
        body += line + bytes(-len(line) % 4)
    info = struct.pack("<IiiHHIIiiII", 40, picture.width, picture.height, 1, 24, 0, len(body), 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(body), 0, 0, 54) + info + body


def gif(picture, frames=1):
    """A palette of the picture's colours; the codes have 8 bits throughout, without compression."""
    content = (picture if picture.channels == 3 else as_colour(picture)).interleaved()
    pixels = [content[i:i + 3] for i in range(0, len(content), 3)]
    palette = sorted(set(pixels))
    codes = b"".join(b"\x80" + bytes(map(palette.index, pixels[i:i + 100]))
                     for i in range(0, len(pixels), 100)) + b"\x81"
    blocks = b"".join(bytes([len(codes[i:i + 255])]) + codes[i:i + 255] for i in range(0, len(codes), 255))
    size = struct.pack("<HH", picture.width, picture.height)
    frame = b",\0\0\0\0" + size + b"\0\x07" + blocks + b"\0"
    colours = b"".join(palette).ljust(3 * 128, b"\0")
    return b"GIF89a" + size + b"\xf6\0\0" + colours + frame * frames + b";"


def tiff(picture, exif=b"", pages=1):
    """Each page has its pixels after its list of tags."""
    strip = picture.interleaved()
    samples = picture.channels
    count = 10
    lists = 2 + 12 * count + 4
    bits = 6 if samples == 3 else 0  # three numbers of bits do not fit into their tag
    size = lists + bits + len(strip)
    file = b"II*\0\x08\0\0\0"
    for page in range(pages):
        at = 8 + page * size
        tags = [(256, 4, 1, picture.width), (257, 4, 1, picture.height),
                (258, 3, 3, at + lists) if bits else (258, 3, 1, 8), (259, 3, 1, 1),
                (262, 3, 1, 2 if bits else 1), (273, 4, 1, at + lists + bits), (274, 3, 1, 6 if exif else 1),
                (277, 3, 1, samples), (278, 4, 1, picture.height), (279, 4, 1, len(strip))]
        file += struct.pack("<H", count)
        for tag, kind, values, value in tags:
            is_short = kind == 3 and values == 1
            file += struct.pack("<HHI", tag, kind, values)
            file += struct.pack("<HH", value, 0) if is_short else struct.pack("<I", value)
        file += struct.pack("<I", at + size if page + 1 < pages else 0)
        file += struct.pack("<HHH", 8, 8, 8)[:bits] + strip
    return file


def pnm(picture):
    kind = 5 if picture.channels == 1 else 6
    return f"P{kind}\n{picture.width} {picture.height}\n255\n".encode() + picture.interleaved()


def webp(picture, exif=b""):
    """Without loss; all codes of a colour have 8 bits."""
    bits = []

    def put(value, count):
        bits.extend(value >> i & 1 for i in range(count))

    put(0x2f, 8)
    put(picture.width - 1, 14)
    put(picture.height - 1, 14)
    put(0, 1 + 3)  # no transparency, version 0
    put(0, 1 + 1 + 1)  # no transforms, no cache of colours, one set of codes
    for symbols in (280, 256, 256):  # green, red, blue: the first 256 symbols have 8 bits
        put(0, 1)
        order = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8]  # lengths of 0 and of 8 have codes of 1 bit
        put(len(order) - 4, 4)
        for length in order:
            put(1 if length in (0, 8) else 0, 3)
        put(0, 1)
        for symbol in range(symbols):
            put(1 if symbol < 256 else 0, 1)
    for symbol in (255, 0):  # opacity and distance: a single symbol, which takes no bits
        put(1, 1)
        put(0, 1)
        put(1, 1)
        put(symbol, 8)
    content = (picture if picture.channels == 3 else as_colour(picture)).interleaved()
    for i in range(0, len(content), 3):
        for value in (content[i + 1], content[i], content[i + 2]):
            put(int(f"{value:08b}"[::-1], 2), 8)
    bits += [0] * (-len(bits) % 8)
    data = bytes(sum(bit << k for k, bit in enumerate(bits[i:i + 8])) for i in range(0, len(bits), 8))

    def chunk(kind, body):
        return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)
    body = chunk(b"VP8L", data)
    if exif:
        size = struct.pack("<I", picture.width - 1)[:3] + struct.pack("<I", picture.height - 1)[:3]
        body = chunk(b"VP8X", b"\x08\0\0\0" + size) + body + chunk(b"EXIF", exif)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
