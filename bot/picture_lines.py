"""Pure: the pieces of text found in a picture -> its lines, in the order in which a person reads them."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SAME_ROW = 0.5
"""Of a piece's height: how far apart two middles may be and still stand side by side."""
_SPACE, _COLUMN = 0.35, 1.5
"""Of the height: a wider gap is a blank, a much wider one parts two buttons or columns."""
_NEXT_LINE = (0.6, 1.6)
"""Of the height: from a line's middle to that of the line that continues it."""
_SAME_EDGE = 0.8
_ALIKE = 1.45

_ENDED = re.compile(r"[。．.!！?？:：…]['\"”’」)）]*$")
_WIDE = re.compile(r"[ぁ-ヿ一-鿿、。「」（）]")
_MARK = re.compile(r"[^ぁ-ヿ一-鿿1-9]")
"""A piece of one such character is a drawing: a window's ×, a sign's !, an alert's ✓, read as one thinks."""
_LABEL = re.compile(r"[^:：]{1,12}[:：]")
_LONG = 20
"""Heights: only a line as long as that is continued by a capital letter."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text where it stands: its left and right end at half height, and its height, in pixels."""

    text: str
    left: tuple[float, float]
    right: tuple[float, float]
    height: float

    @property
    def length(self) -> float:
        return math.dist(self.left, self.right)

    @property
    def is_standing(self) -> bool:
        """Whether it runs up or down: the picture lies on its side."""
        return self.height > 1.5 * self.length


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    left: float
    right: float
    middle: float
    height: float


def lines(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """Every line, top to bottom, left to right: what was folded is joined, buttons stand alone."""
    return tuple(line.text for line in _unfolded(_rows(_straightened(pieces))))


def _straightened(pieces: Sequence[Piece]) -> list[_Line]:
    """The pieces as if the picture were not skewed; long ones tell best by how much it is."""
    if not pieces:
        return []
    long = sorted(pieces, key=lambda piece: -piece.length)[: max(3, len(pieces) // 3)]
    slopes = sorted(math.atan2(p.right[1] - p.left[1], p.right[0] - p.left[0]) for p in long)
    slope = slopes[len(slopes) // 2]
    cos, sin = math.cos(-slope), math.sin(-slope)
    out = []
    for piece in pieces:
        (x, y), (far_x, far_y) = piece.left, piece.right
        middle = (sin * (x + far_x) + cos * (y + far_y)) / 2
        out.append(
            _Line(piece.text.strip(), cos * x - sin * y, cos * far_x - sin * far_y, middle, piece.height)
        )
    return [line for line in out if line.text and not _MARK.fullmatch(line.text)]


def _rows(found: Iterable[_Line]) -> list[_Line]:
    """What stands side by side, joined where only a blank is between."""
    rows: list[list[_Line]] = []
    for line in sorted(found, key=lambda line: line.middle):
        for row in reversed(rows[-3:]):
            beside = row[-1]
            near = abs(line.middle - beside.middle) < _SAME_ROW * min(line.height, beside.height)
            if near and not any(_overlap(line, other) for other in row):
                row.append(line)
                break
        else:
            rows.append([line])
    out: list[_Line] = []
    for row in rows:
        first = True
        for line in sorted(row, key=lambda line: line.left):
            gap = line.left - out[-1].right if out and not first else math.inf
            height = min(line.height, out[-1].height) if out else line.height
            if gap < _COLUMN * height:
                out[-1] = _joined(out[-1], line, " " if gap > _SPACE * height else "")
            else:
                out.append(line)
            first = False
    return out


def _overlap(one: _Line, other: _Line) -> bool:
    return min(one.right, other.right) - max(one.left, other.left) > 0.5 * min(one.height, other.height)


def _unfolded(found: Iterable[_Line]) -> list[_Line]:
    """A sentence that the window had to fold becomes one line again."""
    out: list[_Line] = []
    edges: list[float] = []  # the rightmost that a line of this paragraph reaches
    lasts: list[_Line] = []  # the paragraph's last line as it stands
    for line in found:
        at = next(
            (i for i in range(len(out) - 1, max(-1, len(out) - 4), -1) if _goes_on(lasts[i], line)), None
        )
        if at is not None and _was_full(lasts[at], line, max(edges[at], line.right)):
            blank = "" if _WIDE.search(out[at].text[-1] + line.text[0]) else " "
            out[at] = _joined(out[at], line, blank)
            edges[at] = max(edges[at], line.right)
            lasts[at] = line
        else:
            out.append(line)
            edges.append(line.right)
            lasts.append(line)
    return out


def _goes_on(above: _Line, below: _Line) -> bool:
    """Whether the second stands right below the first, at the same edge and as high."""
    height = (above.height + below.height) / 2
    return (
        _NEXT_LINE[0] * height < below.middle - above.middle < _NEXT_LINE[1] * height
        and abs(above.left - below.left) < _SAME_EDGE * height
        and max(above.height, below.height) < _ALIKE * min(above.height, below.height)
        and not _ENDED.search(above.text)
        and not _LABEL.match(below.text)
        and not (below.text[0].isupper() and above.right - above.left < _LONG * height)
    )


def _was_full(above: _Line, below: _Line, edge: float) -> bool:
    """Whether the next word would not have fitted any more."""
    word = below.text[:2] if _WIDE.search(below.text[:2]) else below.text.split(" ")[0]
    share = len(word) / max(len(below.text), 1)
    return above.right + share * (below.right - below.left) + 0.5 * above.height > edge


def _joined(one: _Line, other: _Line, blank: str) -> _Line:
    return _Line(
        f"{one.text}{blank}{other.text}",
        min(one.left, other.left),
        max(one.right, other.right),
        one.middle,
        one.height,
    )
