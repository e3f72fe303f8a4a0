"""How surely words such as 期限切れ or "does not match" are about a certificate."""

from knowledge.asserted import said_by_a_window
from knowledge.evidence import NEAR_A_CERTIFICATE, WITH_A_CERTIFICATE, WITH_A_SIGNATURE
from knowledge.lexicon import Hit
from knowledge.reading import Reading

_A_SHORT_MESSAGE = 8
_A_FEW_SENTENCES = 4
_PARTS = ("what.expired", "what.name", "what.trust", "what.lapsed", "line.passed")


def certificates(reading: Reading) -> list[Hit]:
    """The places that name a certificate which is none on paper."""
    paper = bool(reading.of("guard.paper"))
    return [
        hit
        for hit in reading.of("certificate")
        if not reading.overlaps("guard.paper", hit) and (not paper or _digital(reading, hit.start))
    ]


def _digital(reading: Reading, place: int) -> bool:
    number = reading.sentence(place)
    if any(next(reading.beside(name, place), None) for name in ("outlook", "protection", "own", "server")):
        return True
    lines = (hit for key, hits in reading.hits.items() if key.startswith("line.") for hit in hits)
    return any(reading.sentence(hit.start) == number for hit in lines)


def nearness(reading: Reading, concept: str, hit: Hit, named: list[Hit]) -> float:
    """How surely these words are about one of the `named` certificates; 0 if not."""
    if owned_by_another(reading, hit, named):
        return 0
    number = reading.sentence(hit.start)
    sentences = {reading.sentence(place.start) for place in named}
    if number in sentences:
        return WITH_A_CERTIFICATE
    if any(not reading.overlaps("guard.footer", sign) for sign in reading.beside("protection", hit.start)):
        return WITH_A_SIGNATURE
    if concept == "what.trust" and reading.overlaps("authority", hit):
        return WITH_A_SIGNATURE
    connected = any(reading.beside("connection", hit.start))
    if connected and not any(code.row == "none" for code in reading.codes):
        return NEAR_A_CERTIFICATE
    if concept != "what.missing" and _talk_of_certificates(reading, concept, hit):
        return NEAR_A_CERTIFICATE
    close = any(abs(number - other) <= 2 for other in sentences)
    short = bool(sentences) and len(reading.sentence_starts) <= _A_SHORT_MESSAGE
    return NEAR_A_CERTIFICATE if close or short else 0


def _talk_of_certificates(reading: Reading, concept: str, hit: Hit) -> bool:
    """Nobody says "certificate", but only certificates have an issuer, a server's name and a date."""
    others = (other for part in _PARTS for other in reading.of(part))
    if any(other.end <= hit.start or other.start >= hit.end for other in others) and (
        "信頼" in reading.text or "trust" in reading.text
    ):
        return True
    signing = any(not reading.overlaps("guard.footer", sign) for sign in reading.of("protection"))
    if signing and len(reading.sentence_starts) <= _A_FEW_SENTENCES:
        return True
    issuer = any(reading.beside("issuer", hit.start)) and concept == "what.trust"
    if issuer and "信頼され" in reading.text[hit.start : hit.end]:
        return True
    if not reading.of("vague.warning") and not said_by_a_window(reading, hit.start, hit.end):
        return False
    warned = bool(reading.of("outlook")) or "警告" in reading.text or "warning" in reading.text
    if warned and (reading.overlaps("server", hit) or _a_name_in_an_alert(reading, concept)):
        return True
    mail = bool(reading.of("outlook") or reading.of("mail"))
    return mail and (issuer or reading.overlaps("chain", hit))


def _a_name_in_an_alert(reading: Reading, concept: str) -> bool:
    """A security alert in Outlook that speaks of a name can only mean the certificate's."""
    return concept == "what.name" and bool(reading.of("vague.warning") and reading.of("outlook"))


def owned_by_another(reading: Reading, hit: Hit, named: list[Hit]) -> bool:
    """The date or name is a password's, a licence's, a link's: パスワードの有効期限が切れました."""
    number = reading.sentence(hit.start)
    alone = not any(reading.sentence(place.start) == number for place in named)
    for owner in reading.beside("guard.owner", hit.start):
        if owner.start >= hit.end:
            if owner.start - hit.end <= 3:
                return True
        elif alone or (
            hit.start - owner.end <= 14 and not any(owner.end <= place.start < hit.end for place in named)
        ):
            return True
    return False
