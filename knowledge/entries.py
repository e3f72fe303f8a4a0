"""How an entry of a word list is written: pieces, gaps, negative endings, other lists by name."""

import re
from collections.abc import Callable, Collection
from typing import NamedTuple

NOT = "(ない)"
"""Behind a Japanese stem: it counts only with a negative ending (ない, ません, ず, へん, …)."""

GAPS = {"~": (12, 12), "…": (20, 60), "……": (200, 400)}
"""Characters that may stand between two pieces: in Japanese, in Latin letters."""

NEGATIVE = re.compile(
    r"(?:とか|など|なんか|という|の)?(?:に(?:な|は))?(?:つて|って)?(?:とら|とり|て|で|た|だ|る)?"
    r"(?:い|お|き|し|ら|れ)?(?:る|た|て|り)?"
    r"(?:もの|わけ|訳|こと|の|様子|はず|覚え|感じ)?(?:では|じゃ|で|は|も|と|が|や|とは)?"
    r"(?:あり|ござい|いたし|おり|なり|あら|あれ|い|お|し|き)?"
    r"(?:な(?:い|く|か|さ|し|きゃ)|ませ(?:ん|ぬ)?|まへん?|まし(?:ぇ|え)ん"
    r"|ず(?!つ)|ぬ|ね(?:え|ぇ|-)|へん|ひん|せん|かね"
    r"|ん(?!だ|で[すしは]|じゃ|な))"
)
"""A Japanese negative ending, from directly behind the stem: ていない, ておりません, てへん."""

_PARTICLES = re.compile(
    r"(?:[はがもをにのとでやへ、,?「」『』()\"'・:]|って|つて|なんて|とか|なんか|など|自体|まで|だけ|さえ|すら"
    r"|しか|ども|全然|全く|まったく|ぜんぜん|もう|もはや|既に|すでに|まだ|一つも|ひとつも|1つも|何も|一切|そのもの|情報|ファイル|データ)*"
)
"""What `~` lets stand between two Japanese pieces."""

_MARKS = re.compile(r"(……|…|~|\{[^{}]*\}|\(ない\))")


class BadEntry(ValueError):
    """An entry that can never match, or that refers to a list that is not there."""

    def __init__(self, concept: str, typed: str, fault: str) -> None:
        self.concept = concept
        self.typed = typed
        super().__init__(f"“{typed}” {fault}")


class Piece(NamedTuple):
    """A word, or the name of a list in braces."""

    text: str
    open_end: bool = False
    """Letters may follow: expir*."""
    negative: bool = False
    """A negative ending has to follow."""

    @property
    def is_list(self) -> bool:
        return self.text.startswith("{")


class Gap(NamedTuple):
    """What may stand between two pieces."""

    longest: int
    particles: bool
    latin: bool

    def allows(self, text: str, start: int, end: int) -> bool:
        """Whether `text[start:end]` may stand there."""
        if end - start > self.longest:
            return False
        if self.latin:
            return text[start:end].isascii()
        return not self.particles or _PARTICLES.fullmatch(text, start, end) is not None


class Entry(NamedTuple):
    """One entry of a list."""

    concept: str
    typed: str
    pieces: tuple[Piece, ...]
    gaps: tuple[Gap, ...]
    """What may stand behind each piece but the last."""


def parse(
    concept: str, typed: str, *, latin: bool, lists: Collection[str], shape: Callable[[str], str]
) -> Entry:
    """An entry taken apart; `shape` makes a word look like a normalised message.

    Raises BadEntry for one that is too short, ends in nothing or names a list that is not among `lists`.
    """
    pieces: list[Piece] = []
    gaps: list[Gap] = []
    mark = ""
    for part in filter(None, map(str.strip, _MARKS.split(typed))):
        if part in GAPS:
            mark = part
            continue
        if part == NOT:
            if not pieces or mark:
                raise BadEntry(concept, typed, f"has nothing in front of {NOT}")
            pieces[-1] = pieces[-1]._replace(negative=True)
            continue
        if pieces:
            longest = GAPS[mark][latin] if mark else 0
            gaps.append(Gap(longest, mark == "~", latin))
        pieces.append(_piece(concept, typed, part, lists, shape))
        mark = ""
    if not pieces or mark:
        raise BadEntry(concept, typed, "ends in nothing")
    return Entry(concept, typed, tuple(pieces), tuple(gaps))


def _piece(concept: str, typed: str, part: str, lists: Collection[str], shape: Callable[[str], str]) -> Piece:
    if part.startswith("{"):
        if part[1:-1] not in lists:
            raise BadEntry(
                concept, typed, f"names the list “{part[1:-1]}”, which is not in [who], [part] or [state]"
            )
        return Piece(part)
    text = shape(part.removesuffix("*")).strip()
    if len(text) < 1 + text.isascii():
        raise BadEntry(concept, typed, "has a piece of fewer than two characters")
    return Piece(text, open_end=part.endswith("*"))
