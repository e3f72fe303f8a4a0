"""Draws the windows that people photograph: Outlook's lines in our frame, and what cameras make of them."""

import io
import random
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.windows import Window

FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),  # Debian, Ubuntu
    Path("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc"),  # Arch, Alpine
    Path("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc"),  # Fedora
    Path.home() / "Library/Fonts/NotoSansCJK-Regular.ttc",
)
FONT = next((path for path in FONTS if path.exists()), None)

_BLUE, _GREEN, _RED, _YELLOW = (0, 95, 184), (16, 124, 16), (196, 43, 28), (255, 185, 0)

Pixels = NDArray[np.uint8]


def _font(size: float) -> ImageFont.FreeTypeFont:
    assert FONT is not None
    return ImageFont.truetype(FONT, size)


def _folded(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """The text as a window folds it: Latin between words, Japanese anywhere."""
    lines, line = [], ""
    pieces = "".join(f"{c}\0" if ord(c) > 0x2E7F or c == " " else c for c in text).split("\0")
    for piece in pieces:
        if line and font.getlength((line + piece).rstrip()) > width and piece not in "、。":
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]


def draw(window: Window, scale: float = 1.0, *, dark: bool = False) -> Image.Image:
    """The window as Windows draws it at 96 dpi × `scale`, alone."""
    paper, ink = ((32, 32, 32), (240, 240, 240)) if dark else ((255, 255, 255), (0, 0, 0))
    size = 13 * scale  # Noto's body at 13 is as high as Yu Gothic UI at 9 points
    font, width, edge, pitch = _font(size), 480 * scale, 18 * scale, 18 * scale
    indent = 44 * scale
    picture = Image.new("RGB", (round(width), round(900 * scale)), paper)
    pen = ImageDraw.Draw(picture)
    pen.text((edge / 2, 6 * scale), window.title, font=font, fill=ink)
    pen.text((width - 26 * scale, 5 * scale), "×", font=font, fill=ink)
    top = 44 * scale
    for line in window.lines:
        left = edge + (indent if line[0] in "!✓✗" or window.lines[0][0] == "!" else 0)
        middle = (edge + 14 * scale, top + 11 * scale)
        if line[0] == "!":
            x, y, s = *middle, 14 * scale
            pen.polygon([(x, y - s), (x - s, y + s), (x + s, y + s)], fill=_YELLOW)
            pen.text((x, y + s / 5), "!", font=font, fill="black", anchor="mm")
        elif line[0] in "✓✗":
            x, y, s = *middle, 8 * scale
            pen.ellipse((x - s, y - s, x + s, y + s), fill=_GREEN if line[0] == "✓" else _RED)
            pen.text((x, y), "✓" if line[0] == "✓" else "×", font=font, fill="white", anchor="mm")
        for part in _folded(line.lstrip("!✓✗"), font, width - left - edge):
            pen.text((left, top), part, font=font, fill=ink)
            top += pitch
        top += 12 * scale
    bottom = top + 54 * scale
    pen.rectangle((0, top + 8 * scale, width, bottom), fill=tuple(abs(c - 15) for c in paper))
    right = width - edge
    for button in reversed(window.buttons):
        wide = max(font.getlength(button) + 20 * scale, 84 * scale)
        frame = (right - wide, top + 18 * scale, right, top + 44 * scale)
        pen.rectangle(frame, outline=(150, 150, 150), fill=paper)
        pen.text((right - wide / 2, top + 31 * scale), button, font=font, fill=ink, anchor="mm")
        right -= wide + 10 * scale
    return picture.crop((0, 0, round(width), round(bottom)))


def on_screen(window: Window, size: tuple[int, int] = (1920, 1080), *, scale: float = 1.0) -> Image.Image:
    """The window in the middle of a whole screen, a mail being written behind it."""
    screen = Image.new("RGB", size, (243, 243, 243))
    pen = ImageDraw.Draw(screen)
    pen.rectangle((0, 0, size[0], 40 * scale), fill=_BLUE)
    font = _font(13 * scale)
    for at, label in enumerate(
        ("ファイル", "メッセージ", "挿入", "オプション", "書式設定", "校閲", "ヘルプ")
    ):
        pen.text((20 * scale + at * 90 * scale, 12 * scale), label, font=font, fill="white")
    for at, line in enumerate(
        ("宛先: 鈴木 太郎", "件名: 4 月分の見積書の件", "いつもお世話になっております。")
    ):
        pen.text((300 * scale, (90 + at * 34) * scale), line, font=font, fill=(40, 40, 40))
    front = draw(window, scale)
    screen.paste(front, ((size[0] - front.width) // 2, (size[1] - front.height) // 2))
    return screen


# --- what happens on the way ---


def skewed(picture: Image.Image, degrees: float) -> Image.Image:
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=(90, 88, 85))


def photographed(picture: Image.Image, slant: float = 0.12) -> Image.Image:
    """Taken from the side: the far edge is shorter, a dark frame around, uneven light."""
    pixels = np.asarray(picture)
    high, wide = pixels.shape[:2]
    margin = wide // 12
    flat = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    seen = np.array(
        [
            [0, high * slant],
            [wide * (1 - slant / 2), 0],
            [wide, high],
            [wide * slant / 3, high * (1 - slant / 2)],
        ],
        np.float32,
    )
    matrix = cv2.getPerspectiveTransform(flat, seen + margin)
    size = (wide + 2 * margin, high + 2 * margin)
    out = cv2.warpPerspective(pixels, matrix, size, borderValue=(52, 48, 45)).astype(np.float32)
    light = np.linspace(0.65, 1.05, size[0], dtype=np.float32)[None, :, None]
    return Image.fromarray(np.clip(out * light, 0, 255).astype(np.uint8))


def blurred(picture: Image.Image, radius: float) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(radius))


def noisy(picture: Image.Image, amount: float, seed: int = 7) -> Image.Image:
    pixels = np.asarray(picture).astype(np.float32)
    noise = np.random.default_rng(seed).normal(0, amount, pixels.shape)
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


def moire(picture: Image.Image, strength: float = 45) -> Image.Image:
    """The bands of a camera's grid on a screen's grid, each colour shifted against the others."""
    pixels = np.asarray(picture).astype(np.float32)
    rows, columns = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]]
    for colour, (a, b) in enumerate(((0.31, 0.83), (0.35, 0.79), (0.28, 0.88))):
        fine = np.sin(rows * 2.3 + columns * a) * np.sin(columns * 2.1 - rows * 0.4)
        wide = np.sin(rows * 0.11 * b + columns * 0.17 * a)
        pixels[:, :, colour] += strength * (0.6 * fine + 0.6 * wide)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def glared(picture: Image.Image, strength: float = 200) -> Image.Image:
    """A lamp's bright stripe across the glass."""
    pixels = np.asarray(picture).astype(np.float32)
    rows, columns = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]]
    away = (columns + 0.6 * rows - 0.75 * pixels.shape[1]) / (0.09 * pixels.shape[1])
    return Image.fromarray(
        np.clip(pixels + strength * np.exp(-(away**2))[:, :, None], 0, 255).astype(np.uint8)
    )


def pale(picture: Image.Image, share: float = 0.18, floor: float = 120) -> Image.Image:
    """Low contrast: the darkest and the brightest are `share` of the whole range apart."""
    return Image.fromarray((np.asarray(picture).astype(np.float32) * share + floor).astype(np.uint8))


def cropped(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    """What is left of it; the edges as shares of width and height."""
    wide, high = picture.size
    return picture.crop((round(left * wide), round(top * high), round(right * wide), round(bottom * high)))


def resized(picture: Image.Image, long_side: int) -> Image.Image:
    share = long_side / max(picture.size)
    size = (round(picture.width * share), round(picture.height * share))
    return picture.resize(size, Image.Resampling.LANCZOS)


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def jpeg(picture: Image.Image, quality: int = 85, *, orientation: int | None = None) -> bytes:
    """As a phone writes it; `orientation` is EXIF's (1 to 8)."""
    out = io.BytesIO()
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    picture.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def heic(picture: Image.Image, quality: int = 60) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(picture).save(out, quality=quality)
    return out.getvalue()


def phone(window: Window, *, seed: int = 1) -> Image.Image:
    """A phone's photograph of the middle of a screen: slanted, turned, moiré, noise, a soft lens."""
    turn = random.Random(seed)
    taken = photographed(cropped(on_screen(window, scale=1.2), 0.12, 0.1, 0.88, 0.9), 0.1)
    return noisy(blurred(moire(skewed(taken, turn.uniform(-6, 6)), 22), 1.1), 8, seed)


DISTORTIONS: Mapping[str, Callable[[Window], bytes]] = {
    "clean": lambda w: png(draw(w)),
    "clean 150 %": lambda w: png(draw(w, 1.5)),
    "dark": lambda w: png(draw(w, dark=True)),
    "skewed +8°": lambda w: jpeg(skewed(draw(w, 1.5), 8)),
    "skewed -8°": lambda w: jpeg(skewed(draw(w, 1.5), -8)),
    "perspective": lambda w: jpeg(photographed(draw(w, 2), 0.2)),
    "blurred": lambda w: jpeg(blurred(draw(w, 1.5), 1.8)),
    "noisy": lambda w: jpeg(noisy(draw(w, 1.5), 60)),
    "moiré": lambda w: jpeg(moire(draw(w, 1.5))),
    "pale": lambda w: jpeg(pale(draw(w))),
    "glare": lambda w: jpeg(glared(draw(w, 1.5))),
    "JPEG 30": lambda w: jpeg(draw(w), 30),
    "JPEG 10": lambda w: jpeg(draw(w), 10),
    "right part": lambda w: png(cropped(draw(w), 0.0, 0.0, 0.8, 1)),
    "lower part": lambda w: png(cropped(draw(w), 0.0, 0.35, 1, 1)),
    "upper half": lambda w: png(cropped(draw(w), 0, 0, 1, 0.55)),
    "small": lambda w: png(resized(draw(w), 360)),
    "screen": lambda w: png(on_screen(w)),
    "screen thumb_1024": lambda w: jpeg(resized(on_screen(w), 1024)),
    "4K screen": lambda w: png(on_screen(w, (3840, 2160), scale=2)),
    "phone": lambda w: jpeg(phone(w)),
    "phone thumb_1024": lambda w: jpeg(resized(phone(w), 1024)),
    "phone 12 MP HEIC": lambda w: heic(resized(phone(w), 4032)),
}
"""Ways in which a window reaches us, each from the drawn window to the bytes of a file."""
