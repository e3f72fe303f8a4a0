"""A message as typed, pasted or read from a picture -> the plain text that the lists are compared with."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge.rewriting import Edits, rewritten
from knowledge.spelling import Spelling

_CJK = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3"
_GONE = (
    "\x00-\x08\x0b-\x1f\x7f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\u0085\u2028\u2029"
)
_PICTURES = "\ud800-\udfff\ufff0-\uffff\u2600-\u2712\u2719-\u27bf\U0001f000-\U0001faff\U000e0000-\U000e0fff"

_MARKUP = re.compile(
    rf"(?=[<>&＞:`*_~{_GONE}{_PICTURES}])(?:"
    r"(?P<quote>^(?:(?:>|&gt;|＞)[ \t]*)+)"
    r"|(?P<fence>```)"
    r"|<(?P<target>(?:mailto|tel|https?):[^\s<>|]{1,3000})(?:\|(?P<label>[^<>\n]{0,3000}))?>"
    r"|<(?P<mention>[@!])[^<>\n]{0,300}>"
    r"|<#[A-Z0-9]{1,30}(?:\|(?P<channel>[^<>\n]{0,300}))?>"
    r"|&(?P<entity>amp|lt|gt|quot|nbsp|apos|\#39|\#x27);"
    r"|(?P<emoji>:(?<![\w:].)[a-z0-9_+'-]{2,40}:(?:skin-tone-\d:)?(?![\w:]))"
    r"|(?P<newline>\r\n?|[\u0085\u2028\u2029])"
    rf"|(?P<gone>[{_GONE}]+)"
    rf"|(?P<picture>[{_PICTURES}]+)"
    r"|(?P<style>`+|(?<![\w*])[*_~]{1,2}(?=[^\s*_~.])|(?<=[^\s*_~])[*_~]{1,2}(?![\w*.]))"
    r")",
    re.MULTILINE,
)
_ENTITIES = {
    "amp": "&",
    "lt": "<",
    "gt": ">",
    "quot": '"',
    "nbsp": " ",
    "apos": "'",
    "#39": "'",
    "#x27": "'",
}

_VOICED = re.compile(r"[\u3041-\u30fe][\u3099\u309a]")
_COMPATIBLE = re.compile(
    r"[\u00a0\u00aa\u00b2\u00b3\u00b9\u00ba\u2000-\u200a\u2024-\u2026\u202f\u2070-\u209c\u2100-\u214f"
    r"\u2460-\u24ff\u2e80-\u2fdf\u3000\u3200-\u33ff\uf900-\ufaff\uff01-\uffee\U0001d400-\U0001d7ff]+"
)

_SMALL_KATAKANA = dict(zip("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ", strict=True))
_ACCENTS = {
    character: base
    for character in map(chr, range(0xC0, 0x180))
    if (base := unicodedata.normalize("NFD", character.lower())[0]) != character
}
_MARKS = {
    "-": "‐‑‒–—―−",
    "'": "‘’`´",
    '"': "“”„«»〝〟",
    "~": "〜",
    " ": "\t",
    "s": "ß",
}
_SAME = {
    **_ACCENTS,
    **_SMALL_KATAKANA,
    **{shape: mark for mark, shapes in _MARKS.items() for shape in shapes},
    "İ": "i",  # the one letter that str.lower makes longer
}
_ODD = re.compile(f"[{re.escape(''.join(_SAME))}]")

# Kanji that a text recogniser takes for katakana, and the long-vowel mark in all its guises.
_LOOKALIKE = dict(zip("口卜二工力夕八千才", "ロトニエカタハチオ", strict=True))
_LOOKS = "".join(_LOOKALIKE)
_SHAPE = re.compile(
    rf"(?=[ー一\-|{_LOOKS}\n ])(?:"
    r"(?P<dash>[ー一\-|](?<=[ァ-ヺ].)(?=[ァ-ヺぁ-ゖ一-鿿\s。、」』)\]'\"]|$)|ー+)"
    rf"|(?P<look>[{_LOOKS}](?:(?<=[ァ-ヺ].)(?=[ァ-ヺー一])|(?<![一-鿿].)(?=[ァ-ヺ])))"
    r"|(?P<wrap>(?<=[a-z0-9,'\"-])[ ]{0,8}\n[ ]{0,8}(?=[a-z(]))"
    r"|(?P<fold>(?<=[をがはにでのともへや、,てしァ-ヺ一-鿿])[ ]{0,8}\n[ ]{0,8}(?=[ぁ-ヿ一-鿿]))"
    rf"|(?P<space> +(?:(?<=[{_CJK}] )|(?=[{_CJK}\n]))| {{2,}}|(?<=\n) +)"
    r")"
)
_KATAKANA_RUN = re.compile(r"[ァ-ヺー]+")
_HALF_WIDTH = re.compile(r"[\uff66-\uff9f]")
_PHRASE = re.compile(r"[^。!?\n]+")
_HIRAGANA = re.compile(r"[ぁ-ゖ]")
_SHORTEST_WRAPPED_LINE = {"latin": 40, "japanese": 18}
"""Characters from which a line is taken to go on in the next; shorter ones are titles, names, buttons."""


@dataclass(frozen=True, slots=True)
class Normal:
    """The plain text, and the way back to the very characters that were typed."""

    raw: str
    text: str
    quoted: tuple[tuple[int, int], ...]
    """Spans of `text` that stand in a quote or a code block."""
    _steps: tuple[Edits, ...]

    def typed(self, start: int, end: int) -> str:
        """The characters as typed that became `text[start:end]`."""
        for step in reversed(self._steps):
            start, end = step.back(start, end=False), step.back(end, end=True)
        return self.raw[start:end].strip()


def _markup(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind in ("target", "label"):
        return match["label"] or match["target"].removeprefix("mailto:").removeprefix("tel:")
    if kind == "quote":
        return "\x01"
    if kind == "fence":
        return "\n\x02"
    if kind == "entity":
        return _ENTITIES[match["entity"]]
    if kind == "newline":
        return "\n"
    if kind in ("gone", "style"):
        return ""
    return match["channel"] or " "


def _shape(match: re.Match[str]) -> str | None:
    kind = match.lastgroup
    if kind == "dash":
        return ""
    if kind == "look":
        return _LOOKALIKE[match["look"]]
    if kind in ("wrap", "fold"):
        length = match.start() - match.string.rfind("\n", 0, match.start()) - 1
        if kind == "wrap":
            return " " if length >= _SHORTEST_WRAPPED_LINE["latin"] else None
        return "" if length >= _SHORTEST_WRAPPED_LINE["japanese"] else None
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    if before in ("", "\n") or after in ("", "\n") or not (before.isascii() and after.isascii()):
        return ""
    return " " if len(match["space"]) > 1 else None


def fold(word: str) -> str:
    """A word of the lists in a message's shape: width, case, accents, spaces and long vowels made one."""
    return rewritten(_plain(unicodedata.normalize("NFKC", word)), _SHAPE, _shape)[0]


def _plain(text: str) -> str:
    """Small letters without accents, large katakana, plain marks; as long as before."""
    return _ODD.sub(lambda match: _SAME[match.group()], text).lower()


@lru_cache(maxsize=2)
def _sizes(words: frozenset[str]) -> Mapping[str, tuple[int, ...]]:
    """The lengths of the words that begin with a letter, the longest first; of two letters at least."""
    lengths: dict[str, set[int]] = {}
    for word in words:
        if len(word) > 1:
            lengths.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(of, reverse=True)) for first, of in lengths.items()}


def _hiragana(text: str, words: frozenset[str]) -> str:
    """Hiragana for katakana that is no known word, in phrases without hiragana; as long as before."""
    sizes = _sizes(words)

    def of_run(match: re.Match[str]) -> str:
        run, out, at = match.group(), [], 0
        while at < len(run):
            known = sizes.get(run[at], ())
            size = next((size for size in known if run[at : at + size] in words), 0)
            if size:
                out.append(run[at : at + size])
            else:
                size = 1
                out.append(chr(ord(run[at]) - 0x60) if run[at] <= "ヶ" else run[at])
            at += size
        return "".join(out)

    def of_phrase(match: re.Match[str]) -> str:
        phrase = match.group()
        return phrase if _HIRAGANA.search(phrase) else _KATAKANA_RUN.sub(of_run, phrase)

    return _PHRASE.sub(of_phrase, text)


def normalise(text: str, spelling: Spelling, katakana_words: frozenset[str] = frozenset()) -> Normal:
    """Width, case, spaces, Slack's mark-up, look-alikes and listed spellings made one; never fails."""
    plain, markup = rewritten(text, _MARKUP, _markup)
    steps = [markup]
    for pattern in (_VOICED, _COMPATIBLE) if "\u3099" in plain or "\u309a" in plain else (_COMPATIBLE,):
        plain, edits = rewritten(plain, pattern, lambda match: unicodedata.normalize("NFKC", match.group()))
        steps.append(edits)
    plain, edits = rewritten(_plain(plain), _SHAPE, _shape)
    steps.append(edits)
    if katakana_words and _HALF_WIDTH.search(text):
        plain = _hiragana(plain, katakana_words)
    for respell in (spelling.canonical, spelling.corrected):
        plain, edits = respell(plain)
        steps.append(edits)
    return Normal(text, plain, _quoted(plain), tuple(steps))


def _quoted(text: str) -> tuple[tuple[int, int], ...]:
    if "\x01" not in text and "\x02" not in text:
        return ()
    spans = []
    opened = -1
    for match in re.finditer(r"\x01[^\n]*|\x02", text):
        if match.group() != "\x02":
            spans.append(match.span())
        elif opened < 0:
            opened = match.start()
        else:
            spans.append((opened, match.end()))
            opened = -1
    if opened >= 0:
        spans.append((opened, len(text)))
    return tuple(spans)
