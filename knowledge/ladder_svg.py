"""Rows' ladders as one SVG file that needs nothing else: drawn here, read in any browser."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from knowledge.book import Book
from knowledge.ladder import Box, Leaf, Node, Way, ladder
from knowledge.ladder_words import LadderWords
from knowledge.rows import Language

# All lengths in pixels.
_EM, _LINE, _PAD = 13, 18, 8
_BOX, _GAP, _LEAF = 190, 190, 380
_BETWEEN, _MARGIN, _SPINE = 12, 24, 24

_STYLE = """
svg { background: #fff; font: 13px "Hiragino Sans", "Yu Gothic UI", "Noto Sans JP", "Noto Sans CJK JP",
  Meiryo, sans-serif; }
text { fill: #1d1c1d; } .small { fill: #555; font-size: 12px; } .title { font-size: 18px; font-weight: 700; }
.part { font-size: 14px; font-weight: 700; } .way { fill: none; stroke: #888; }
.asked { fill: #e3efff; stroke: #1a5fb4; } .known { fill: #f6f6f6; stroke: #777; stroke-dasharray: 4 3; }
.user { fill: #e6f5e6; stroke: #2a7d2a; } .it { fill: #fff1dc; stroke: #b25d00; }
.never { fill: #fff; stroke: #bbb; } .person { fill: #f3e8fb; stroke: #7a3fa0; }
"""


def svg(book: Book, rows: Sequence[str], language: Language) -> str:
    """The file's text: each row with its causes and remedies, then its ways to send one mail now."""
    words = LadderWords(book, language)
    drawing = _Drawing(words)
    bottom = float(_MARGIN)
    for row in rows:
        bottom = drawing.row(row, bottom) + 2 * _MARGIN
    width = int(drawing.right + _MARGIN)
    named = escape(", ".join(words.title(row) for row in rows))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xml:lang="{language}" role="img" width="{width}" '
        f'height="{int(bottom)}" viewBox="0 0 {width} {int(bottom)}">'
    )
    return "\n".join(
        [head, f"<title>{named}</title>", f"<style>{_STYLE}</style>", *drawing.parts, "</svg>\n"]
    )


@dataclass
class _Drawing:
    words: LadderWords
    parts: list[str] = field(default_factory=list)
    right: float = 0

    def row(self, row: str, top: float) -> float:
        """Draws one row from here downwards; gives where it ends."""
        error = self.words.book.errors[row]
        self._text(_MARGIN, top + 18, [self.words.title(row)], "title")
        self._text(_MARGIN, top + 42, [self.words["order"]], "small")
        self._legend(top + 56)
        bottom = top + 94
        for name, cases, end in (
            ("cases", error.case, "person"),
            ("send_now", error.send_now, "person_urgent"),
        ):
            bottom = self._ladder(name, ladder(cases, may_ask=name == "cases"), end, bottom) + _MARGIN
        return bottom

    def _legend(self, top: float) -> None:
        left = float(_MARGIN)
        for kind in ("asked", "known", "user", "it"):
            said = self.words[kind]
            self.parts.append(f'<rect class="{kind}" x="{left}" y="{top}" width="16" height="14" rx="3"/>')
            self._text(left + 22, top + 12, [said], "small")
            left += 22 + _width(said) + 24

    def _ladder(self, name: str, nodes: Sequence[Node], end: str, top: float) -> float:
        self._text(_MARGIN, top + 14, [self.words[name]], "part")
        spine = _MARGIN + 6.0
        column = _MARGIN + _SPINE + max((_depth(node) for node in nodes), default=0) * (_BOX + _GAP)
        middles, bottom = self._middles(nodes, top + 28)
        for node in nodes:
            self._node(node, 0, middles, column, spine)
        height = _row_height(1)
        self._line(f"M{spine} {top + 22}V{bottom + height / 2}H{_MARGIN + _SPINE}")
        said = f"{self.words['else']} → {self.words[end]}"
        wide = max(_width(said) + 2 * _PAD, _BOX)
        self._box("person", _MARGIN + _SPINE, bottom + height / 2, wide, [said])
        self.right = max(self.right, column + _LEAF if nodes else 0, _MARGIN + _SPINE + wide)
        return bottom + height

    def _middles(self, nodes: Sequence[Node], top: float) -> tuple[list[float], float]:
        """The middle of each case's line, from top to bottom, and where the last one ends."""
        heights: dict[int, float] = {}

        def needs(line: int, height: float) -> None:
            heights[line] = max(heights.get(line, 0), height)

        def measure(node: Node) -> None:
            if not isinstance(node, Box):
                needs(node.case, _row_height(len(self._title(node)) + len(self._doing(node))))
                return
            needs(_line_of(node), _row_height(len(self._fact(node))))
            for way in node.ways:  # an answer stands above its line
                needs(_line_of(way.then[0]), 2 * (len(self._label(node, way)) * _LINE + 4))
                for inner in way.then:
                    measure(inner)

        for node in nodes:
            measure(node)
        middles, at = [], top
        for line in sorted(heights):
            middles.append(at + heights[line] / 2)
            at += heights[line] + _BETWEEN
        return middles, at

    def _node(self, node: Node, depth: int, middles: Sequence[float], column: float, before: float) -> None:
        """Draws a node and all behind it; `before` is where the way to it comes from."""
        left = _MARGIN + _SPINE + depth * (_BOX + _GAP)
        y = middles[_line_of(node)]
        if not isinstance(node, Box):
            title, doing = self._title(node), self._doing(node)
            self._line(f"M{before} {y}H{column}")
            self._box(self.words.kind(node.remedy), column, y, _LEAF, [*title, *doing], len(title))
            return
        self._line(f"M{before} {y}H{left}")
        self._box("asked" if node.asked else "known", left, y, _BOX, self._fact(node))
        turn = left + _BOX + 14
        self._line(f"M{left + _BOX} {y}H{turn}V{middles[_line_of(node.ways[-1].then[-1])]}")
        for way in node.ways:
            label = self._label(node, way)
            above = middles[_line_of(way.then[0])] - 5 - (len(label) - 1) * _LINE
            self._text(turn + 6, above, label, "")
            for inner in way.then:
                self._node(inner, depth + 1, middles, column, turn)

    def _fact(self, node: Box) -> list[str]:
        return _wrapped(self.words.fact(node.fact), _BOX - 2 * _PAD)

    def _label(self, node: Box, way: Way) -> list[str]:
        return _wrapped(self.words.values(node.fact, way.values, asked=node.asked), _GAP - 28)

    def _title(self, leaf: Leaf) -> list[str]:
        return _wrapped(f"{leaf.case + 1}. {self.words.remedy(leaf.remedy)}", _LEAF - 2 * _PAD)

    def _doing(self, leaf: Leaf) -> list[str]:
        return _wrapped(self.words.doing(leaf), _LEAF - 2 * _PAD)

    def _box(
        self, kind: str, left: float, middle: float, wide: float, lines: Sequence[str], small_from: int = 99
    ) -> None:
        """A box around these lines; from one of them on they are small."""
        height = _row_height(len(lines))
        top = middle - height / 2
        self.parts.append(
            f'<rect class="{kind}" x="{left:g}" y="{top:g}" width="{wide:g}" height="{height:g}" rx="5"/>'
        )
        first = top + _PAD + 13
        self._text(left + _PAD, first, lines[:small_from], "")
        self._text(left + _PAD, first + small_from * _LINE, lines[small_from:], "small")

    def _text(self, left: float, y: float, lines: Sequence[str], kind: str) -> None:
        given = f' class="{kind}"' if kind else ""
        for number, line in enumerate(lines):
            self.parts.append(f'<text{given} x="{left:g}" y="{y + number * _LINE:g}">{escape(line)}</text>')

    def _line(self, path: str) -> None:
        self.parts.append(f'<path class="way" d="{path}"/>')


def _row_height(lines: int) -> float:
    return lines * _LINE + 2 * _PAD


def _line_of(node: Node) -> int:
    """The line in which a node stands: that of the first case behind it."""
    return node.case if isinstance(node, Leaf) else _line_of(node.ways[0].then[0])


def _depth(node: Node) -> int:
    if not isinstance(node, Box):
        return 0
    return 1 + max(_depth(inner) for way in node.ways for inner in way.then)


def _width(text: str) -> float:
    """About how wide a text is: Japanese characters are square, Latin ones a bit more than half of that."""
    wide = sum(unicodedata.east_asian_width(character) in "WFA" for character in text)
    return _EM * (wide + 0.56 * (len(text) - wide))


def _wrapped(text: str, room: float) -> list[str]:
    """The text in lines that fit; between Latin words it breaks at a blank."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and _width(line + piece.rstrip()) > room:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> Iterator[str]:
    """Where a line may break: behind a blank, behind each Japanese character but before no closing mark."""
    piece = ""
    for at, character in enumerate(text):
        piece += character
        following = text[at + 1 : at + 2]
        breaks = character == " " or unicodedata.east_asian_width(character) in "WF"
        if breaks and following not in "、。）」］』・ー" and character not in "（「［『":
            yield piece
            piece = ""
    if piece:
        yield piece
