"""A picture's file -> pixels, upright and of a size that can be read; what is no still picture is refused."""

import io
import math
import struct
import warnings
import zlib
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from PIL import Image

PIXELS_AT_MOST = 50_000_000
"""The 48 megapixels of a phone's best photograph, and no more."""
LONG_SIDE = 2560
"""Pixels, of what is read: a larger picture is made smaller."""

_SMALL, _ENLARGED = 960, 2.0
"""Pixels: a picture less long is enlarged to it, at most by so much; more costs time and reads no better."""
_NARROW = 150
"""Of 255: where darkest and brightest are not so far apart, they are drawn apart."""
_SMALLEST_SIDE = 12
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "HEIF", "AVIF")
_FILMS = ("PNG", "GIF", "WEBP", "AVIF")
"""In these a second frame is a film's; in a phone's JPEG (MPO), a TIFF or a HEIF the first is the picture."""

Refusal = Literal["absent", "too_large", "broken", "animated", "nothing"]


class Refused(Exception):
    """The picture cannot be read."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason: Refusal = reason


def prepare(threads: int) -> None:
    """Loads the decoders, so that none is left to be opened. Raises ImportError."""
    import pillow_heif
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = PIXELS_AT_MOST
    Image.init()
    pillow_heif.register_heif_opener(decode_threads=threads)


def decoded(data: bytes) -> "Image.Image":
    """The picture upright, in colour, on white, at most LONG_SIDE long, in full contrast. Raises Refused."""
    return _contrasted(_sized(_opened(data)))


def _opened(data: bytes) -> "Image.Image":
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if math.prod(picture.size) > PIXELS_AT_MOST:
                    raise Refused("too_large")
                if picture.format in _FILMS and getattr(picture, "is_animated", False):
                    raise Refused("animated")
                # a JPEG is decoded at the size that is needed: a quarter of the memory and of the time
                picture.draft("RGB", (LONG_SIDE, LONG_SIDE))
                return _coloured(ImageOps.exif_transpose(picture))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused("too_large") from None
    except (OSError, ValueError, SyntaxError, TypeError, LookupError, EOFError, ArithmeticError):
        raise Refused("broken") from None  # what decoders raise on files that are cut off or wrong
    except (struct.error, zlib.error):
        raise Refused("broken") from None


def _coloured(picture: "Image.Image") -> "Image.Image":
    from PIL import Image

    if picture.mode.startswith(("I", "F")):  # 16 bits and more: the range that is used becomes 0 to 255
        import numpy as np

        values = np.asarray(picture).astype(np.float32)
        low, high = float(values.min()), float(values.max())
        picture = Image.fromarray(((values - low) * (255 / max(high - low, 1))).astype(np.uint8))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    return picture.convert("RGB")


def _sized(picture: "Image.Image") -> "Image.Image":
    from PIL import Image

    wide, high = picture.size
    if min(wide, high) < _SMALLEST_SIDE:
        raise Refused("nothing")
    long = max(wide, high)
    share = min(_ENLARGED, _SMALL / long) if long < _SMALL else min(1.0, LONG_SIDE / long)
    size = (max(round(wide * share), _SMALLEST_SIDE), max(round(high * share), _SMALLEST_SIDE))
    way = Image.Resampling.BICUBIC if share > 1 else Image.Resampling.LANCZOS
    return picture if size == picture.size else picture.resize(size, way)


def _contrasted(picture: "Image.Image") -> "Image.Image":
    """Pale letters on pale paper are made dark on white; what is clear stays as it is."""
    grey = picture.convert("L")
    counts = list(accumulate(grey.histogram()))
    low, high = (bisect_left(counts, share * counts[-1]) for share in (0.005, 0.995))
    if high - low >= _NARROW:
        return picture
    share = 255 / max(high - low, 8)
    return picture.point([round((level - low) * share) for level in range(256)] * 3)
