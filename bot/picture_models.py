"""The models that find and read text in pixels: rapidocr's, from its wheel; nothing is fetched."""

import importlib.util
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bot.picture_lines import Piece

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

THREADS = 1
"""A second one takes half as much again of the processor's time, from the bot, and gains a fifth at best."""

_FOUND_AT = 1600
"""Pixels: the long side at which lines are looked for; they are then read at full size."""
_MODELS = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}
_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
_NOT_WINDOWS = re.compile(r"[Ͱ-ϿЀ-ӿ─-╿]")
"""Greek, Cyrillic and box-drawing letters: in Windows-31J, and in no window."""


class Reading(Protocol):
    """Pixels, blue first, -> the pieces of text with how sure each is, of 1."""

    def __call__(self, pixels: "Pixels") -> list[tuple[Piece, float]]: ...


def load(long_side: int) -> Reading:
    """The models, loaded and used once, so that nothing is left to be opened; for pixels up to `long_side`.

    Raises ImportError where the extra `ocr` is not installed.
    """
    import cv2
    import numpy as np
    from rapidocr import RapidOCR

    cv2.setNumThreads(THREADS)
    engine = RapidOCR(
        params={
            **{f"{part}.model_path": path for part, path in _paths().items()},
            "Global.log_level": "critical",
            "Global.use_cls": False,  # whole pictures are turned, not lines
            "Global.text_score": 0.0,
            "Global.max_side_len": long_side,
            "Det.limit_type": "max",
            "Det.limit_side_len": _FOUND_AT,
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def read(pixels: "Pixels") -> list[tuple[Piece, float]]:
        found: Any = engine(pixels)
        if getattr(found, "txts", None) is None or found.boxes is None:
            return []
        is_japanese = any(_KANA.search(text.partition(_OR)[0]) for text in found.txts)
        texts = [text.split(_OR)[is_japanese] for text in found.txts]
        return [
            (_piece(text, box), float(certainty))
            for text, box, certainty in zip(texts, found.boxes, found.scores, strict=True)
        ]

    sample: Pixels = np.full((64, 320, 3), 255, np.uint8)
    cv2.putText(sample, "certificate", (20, 44), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0, 0, 0), 2)
    engine(sample)
    assert engine.text_rec is not None
    engine.text_rec.postprocess_op = _TwoReadings(engine.text_rec.postprocess_op)
    read(sample)
    return read


def _paths() -> dict[str, str]:
    place = importlib.util.find_spec("rapidocr")
    assert place
    assert place.origin
    paths = {part: Path(place.origin).parent / "models" / name for part, name in _MODELS.items()}
    for path in paths.values():
        if not path.exists():  # rapidocr would fetch it
            raise ImportError(f"rapidocr has no {path.name}")
    return {part: str(path) for part, path in paths.items()}


_OR = "\0"


class _TwoReadings:
    """A line as the model reads it, and as it would if it knew no letters but those of a Japanese Windows.

    The model knows Chinese as well, and takes a blurred 証 for 证 or a 閲 for 阅. Which of the two counts is
    told by the whole picture: Japanese has kana.
    """

    def __init__(self, decode: Any) -> None:
        import numpy as np

        self._decode = decode
        characters = decode.character
        allowed = [at for at, c in enumerate(characters) if len(c) != 1 or _is_japanese_windows(c)]
        self._allowed = np.array(allowed)

    def __call__(
        self, preds: "NDArray[np.float32]", *further: Any, **named: Any
    ) -> tuple[list[Any], list[Any]]:
        plain, words = self._decode(preds, *further, **named)
        few = preds[:, :, self._allowed]
        chosen = self._allowed[few.argmax(axis=2)]
        japanese, _ = self._decode.decode(chosen, few.max(axis=2), remove_duplicate=True)
        both = [
            (f"{one[0]}{_OR}{other[0]}", float(one[1])) for one, other in zip(plain, japanese, strict=True)
        ]
        return both, words


def _is_japanese_windows(character: str) -> bool:
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return character in "✓✔✗✘"
    return not _NOT_WINDOWS.match(character)


def _piece(text: str, box: Any) -> Piece:
    """`box`: the four corners, clockwise from the upper left."""
    a, b, c, d = ((float(x), float(y)) for x, y in box)
    left, right = ((a[0] + d[0]) / 2, (a[1] + d[1]) / 2), ((b[0] + c[0]) / 2, (b[1] + c[1]) / 2)
    return Piece(text, left, right, (math.dist(a, d) + math.dist(b, c)) / 2)
