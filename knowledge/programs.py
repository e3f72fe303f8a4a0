"""Whose error a message speaks of: Outlook's and mail's, or that of a program with own certificates."""

import re

from knowledge.lexicon import Hit, denied
from knowledge.reading import Reading

# ホテルの Wi-Fi で…と出ます, Wi-Fi を変えたら…: a place, not a program. (Small kana are written large here.)
_AT = re.compile(
    r"を(?:変え|替え|切り替え)|で(?:セキユリテイ証明書の名前|サイト名|対象のプリンシパル|outlook)"
)
_PLACE = re.compile(r"[ ]?(?:で|から|を使|環境|経由)")
_ON = re.compile(r"\b(?:on|over|from)(?: [a-z']+){0,2} $")
"""自宅の Wi-Fi で出ます, on the hotel's wifi."""


class Programs:
    """What a message says of Outlook and of other programs, read once."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._foreign = [reading.sentence(hit.start) for hit in reading.of("guard.other_error")]
        ours = [hit for hit in reading.of("outlook") if not _is_well(reading, hit)]
        self._ours = [reading.sentence(hit.start) for hit in ours]
        self._mail = [reading.sentence(hit.start) for hit in reading.of("mail")]
        self.others = [
            *(hit for hit in reading.of("guard.other_program") if not _is_well(reading, hit)),
            *self._networks(),
        ]
        """Mentions of other programs, of which it is not said that they work well."""
        self._theirs = [reading.sentence(hit.start) for hit in self.others]

    @property
    def names_ours(self) -> bool:
        """Whether Outlook is spoken of, and not only because it works well."""
        return bool(self._ours)

    def named(self) -> tuple[str, ...]:
        """The other programs as typed, each once, where Outlook is not spoken of: what such a message says of
        a picture beside it."""
        if self._ours:
            return ()
        hits = [*self.others, *self._reading.of("guard.other_error")]
        typed = (
            self._reading.normal.typed(hit.start, hit.end)
            for hit in sorted(hits, key=lambda hit: hit.start)
            if not denied(self._reading.text, hit) and not self._is_place(hit)
        )
        return tuple(dict.fromkeys(name for name in typed if name))

    def _is_place(self, hit: Hit) -> bool:
        if hit not in self._reading.of("guard.network") or _possesses(self._reading, hit):
            return False
        text = self._reading.text
        return bool(_PLACE.match(text, hit.end) or _ON.search(text, max(0, hit.start - 40), hit.start))

    def mean_ours(self, start: int, end: int) -> bool:
        """Whether what stands at `start` to `end` is said of Outlook or mail, not of another program."""
        number = self._reading.sentence(start)
        if self._foreign and (not self._ours or any(abs(number - other) <= 1 for other in self._foreign)):
            return False
        if not self.others:
            return True
        for hit, sentence in zip(self.others, self._theirs, strict=True):
            if sentence == number and hit.start < end and _possesses(self._reading, hit):
                return False
        if number in self._ours:
            return True
        return number not in self._theirs and self._nearer(number)

    def _networks(self) -> list[Hit]:
        """VPN and Wi-Fi: where one is, unless the certificate is theirs or it is they that do not connect."""
        networks = self._reading.of("guard.network")
        if self._ours or self._mail or self._reading.of("protection"):
            return [hit for hit in networks if _possesses(self._reading, hit)]
        return [hit for hit in networks if not _AT.match(self._reading.text, hit.end)]

    def _nearer(self, number: int) -> bool:
        """No program in this sentence: the one last spoken of, else the next one; ours if in doubt."""

        def distance(sentences: list[int]) -> float:
            away = (number - sentence for sentence in sentences)
            return min((gap if gap >= 0 else 0.5 - gap for gap in away), default=1e9)

        theirs = distance(self._theirs)
        mail = distance([sentence for sentence in self._mail if sentence <= number + 1])
        return distance(self._ours) <= theirs or mail < theirs


def _is_well(reading: Reading, hit: Hit) -> bool:
    """「Chrome では問題なく見られます」: it is mentioned because it works."""
    return any(
        0 <= fine.start - hit.end <= 16
        and not any(
            hit.end <= other.start < fine.start
            for name in ("certificate", "outlook", "guard.other_program")
            for other in reading.beside(name, hit.start)
        )
        for fine in reading.beside("guard.fine", hit.start)
    )


def _possesses(reading: Reading, hit: Hit) -> bool:
    """VPN の証明書, SSL-VPN 用の証明書."""
    return any(0 <= place.start - hit.end <= 5 for place in reading.beside("certificate", hit.start))
