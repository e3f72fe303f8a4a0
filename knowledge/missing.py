"""Whose certificate is missing, or whether it is a certificate at all."""

import re
from collections.abc import Iterator

from knowledge.evidence import WITH_A_CERTIFICATE, Evidence
from knowledge.lexicon import Hit
from knowledge.reading import Reading

_ENCRYPTING = re.compile(r"暗号|encrypt")
_SIGNING = re.compile(r"署名|\bsign")
_OF_THEM = re.compile(r".{0,6}|[ ]?\(?[^()、。]{1,40}\)?の(?:[^、。]{0,6})|'s? .{0,12}")
"""What stands between somebody and their certificate: の, さんの, (address)の, 's."""


def something_else_is_missing(reading: Reading, hit: Hit) -> bool:
    """What is not there is the way to do it, a date, a chain: 証明書の更新方法が見つからない."""
    return any(
        hit.start < other.start and other.end < hit.end
        for concept in ("guard.something_else", "date", "chain", "revocation")
        for other in reading.beside(concept, hit.start)
    )


def row_of_missing(reading: Reading, hit: Hit) -> str:
    """One's own, unless a mail is being opened (to decrypt it) or encrypted for somebody (a recipient's)."""
    number = reading.sentence(hit.start)
    if any(reading.within("vague.open", number - 1, number)):
        return "decrypt_failed"
    if (
        any(reading.within("recipient", number - 1, number + 1))
        and not any(reading.within("own", number - 1, number + 1))
        and _ENCRYPTING.search(reading.text)
        and not _SIGNING.search(reading.text)
    ):
        return "recipient_certificate"
    return "no_certificate"


def of_a_recipient(reading: Reading, hit: Hit) -> bool:
    """The date is that of a recipient's certificate, when encrypting: 相手の証明書の期限."""
    number = reading.sentence(hit.start)
    return any(place.start < hit.end for place in _recipients_certificates(reading, number)) and bool(
        _ENCRYPTING.search(reading.text)
    )


def troubles_of_recipients(reading: Reading) -> Iterator[Evidence]:
    """When encrypting, anything wrong with a recipient's certificate is one error."""
    if not _ENCRYPTING.search(reading.text):
        return
    for sentence in range(len(reading.sentence_starts)):
        for place in _recipients_certificates(reading, sentence):
            for wrong in reading.within("vague.trouble", sentence, sentence + 1):
                near = 12 if reading.sentence(wrong.start) == sentence else 30
                if 0 <= wrong.start - place.end <= near:
                    yield Evidence(
                        "recipient_certificate", WITH_A_CERTIFICATE, place.start, wrong.end, "what.recipient"
                    )


def _recipients_certificates(reading: Reading, sentence: int) -> Iterator[Hit]:
    people = list(reading.within("recipient", sentence, sentence))
    for place in reading.within("certificate", sentence, sentence) if people else ():
        if any(
            who.end <= place.start <= who.end + 60 and _OF_THEM.fullmatch(reading.text, who.end, place.start)
            for who in people
        ):
            yield place
