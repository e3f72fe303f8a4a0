"""Whether words say that something is so now: not to come, not imagined, not asked, not guessed."""

import re

from knowledge.lexicon import Hit
from knowledge.reading import Reading

_PAST = re.compile(r"(?<=た)|た(?!ら|場合|とき|時)|まし(?!たら)|て(?:い|る|ま)|とる")
_HAPPENED = re.compile(
    r"(?:(?<=[てたい])|て|た(?!ら|場合|とき|時)|まし(?!たら)|ち(?:ゃ|や)|と[るり]"
    r"|です|だ|で[、い]|なので|のため|により|[ ,.]|$)"
)
"""What follows words that say that something has happened."""


def said_by_a_window(reading: Reading, start: int, end: int) -> bool:
    """A window or a program said so: it stands in quotes, or と出ます follows."""
    if reading.quoted(start):
        return True
    return any(
        -2 <= said.start - end <= 24 or 0 <= start - said.end <= 50
        for said in reading.beside("vague.said", start)
    )


def to_come(reading: Reading, hit: Hit) -> bool:
    """It will run out, but has not: 来月切れます, about to expire."""
    soon = [
        other
        for other in reading.beside("guard.soon", hit.start)
        if other.start < hit.end + 8 and hit.start - 12 < other.end
    ]
    return (
        bool(soon)
        and not said_by_a_window(reading, hit.start, hit.end)
        and not _PAST.match(reading.text, hit.end)
    )


def only_asked(reading: Reading, hit: Hit) -> bool:
    """Imagined, or a question in general: 期限が切れた場合, 期限の確認方法, what happens if."""
    imagined = any(
        other.start <= hit.end + 6 and hit.start <= other.end + 30
        for other in reading.beside("guard.hypothetical", hit.start)
    )
    asked = imagined or (
        any(reading.beside("guard.question", hit.start)) and not _HAPPENED.match(reading.text, hit.end)
    )
    return asked and not said_by_a_window(reading, hit.start, hit.end)


def guessed(reading: Reading, hit: Hit) -> bool:
    """The person wonders whether it is so: 期限切れでしょうか, maybe it has expired."""
    return any(
        guess.start - hit.end <= 12 and hit.start - guess.end <= 20
        for guess in reading.beside("guard.guess", hit.start)
    ) and not reading.quoted(hit.start)
