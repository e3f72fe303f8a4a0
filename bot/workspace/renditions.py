"""Smaller renditions of pictures, as Slack makes them of every picture that somebody shares."""

import io

LONGEST_SIDE = 1024


def rendition(content: bytes) -> bytes | None:
    """The picture as a JPEG of at most 1,024 pixels; None where it is none, or `ocr` is not installed."""
    try:
        import pillow_heif
        from PIL import Image, ImageOps, UnidentifiedImageError
    except ImportError:
        return None
    pillow_heif.register_heif_opener()
    try:
        with Image.open(io.BytesIO(content)) as picture:
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            out = io.BytesIO()
            upright.convert("RGB").save(out, "JPEG", quality=85)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return None
    return out.getvalue()
