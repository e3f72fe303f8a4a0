"""Something is wrong, and nothing says what: the rows to choose among, by what is being done. Pure."""

from knowledge.asserted import said_by_a_window
from knowledge.evidence import Evidence, Weighed
from knowledge.lexicon import Hit
from knowledge.nearness import certificates
from knowledge.reading import Reading

_HEADER = ("name_mismatch", "expired_or_revoked", "untrusted_chain", "revocation_offline")
SENDING = (
    "no_certificate",
    "expired_or_revoked",
    "name_mismatch",
    "untrusted_chain",
    "recipient_certificate",
)
_CONNECTING = (
    "name_mismatch",
    "expired_or_revoked",
    "untrusted_chain",
    "revocation_offline",
    "no_certificate",
)
_SIGNING = ("no_certificate", "expired_or_revoked", "untrusted_chain", "name_mismatch")
_ENCRYPTING = ("recipient_certificate", "no_certificate", "expired_or_revoked")
_OPENING = ("decrypt_failed", "expired_or_revoked", "untrusted_chain", "name_mismatch")


def rows_to_choose(reading: Reading, weighed: Weighed) -> tuple[tuple[str, ...], list[Evidence]] | None:
    """The rows, the likeliest first, and the words that speak for them; None where it is not ours."""
    if weighed.headers:
        return _HEADER, weighed.headers
    if weighed.rows:
        return SENDING, []
    named = [hit for hit in certificates(reading) if weighed.programs.mean_ours(hit.start, hit.end)]
    troubles = [hit for hit in reading.of("vague.trouble") if not _untroubled(reading, hit)]
    for concept, rows in (
        ("vague.unverifiable", _HEADER),
        ("vague.sign", _SIGNING),
        ("vague.encrypt", _ENCRYPTING),
    ):
        if hits := _ours(reading, weighed, concept):
            return rows, _as_evidence(hits, concept)
    if named and (hits := _ours(reading, weighed, "vague.open")) and troubles:
        return _OPENING, _as_evidence([*named[:1], *hits], "vague.open")
    if (
        named
        and (troubles or weighed.orphans or len(reading.text.strip()) <= 20)
        and not _in_general(reading, named)
    ):
        return _likeliest(reading), _as_evidence([named[0], *troubles[:1]], "certificate")
    if hits := _ours(reading, weighed, "vague.warning"):
        return _CONNECTING, _as_evidence(hits, "vague.warning")
    mails = reading.of("mail") or reading.of("outlook")
    said = any(said_by_a_window(reading, one.start, one.end) for one in weighed.orphans)
    if weighed.orphans and (mails or said) and not weighed.programs.others:
        return SENDING, weighed.orphans
    if (
        not reading.codes
        and not reading.of("guard.other_cause")
        and (hits := _ours(reading, weighed, "vague.cannot_send"))
    ):
        return SENDING, _as_evidence(hits[:1], "vague.cannot_send")
    return None


def _ours(reading: Reading, weighed: Weighed, concept: str) -> list[Hit]:
    return [
        hit
        for hit in reading.of(concept)
        if weighed.programs.mean_ours(hit.start, hit.end) and not reading.overlaps("guard.footer", hit)
    ]


def _untroubled(reading: Reading, hit: Hit) -> bool:
    return any(reading.beside("guard.untroubled", hit.start))


def _in_general(reading: Reading, named: list[Hit]) -> bool:
    """A question about certificates, or a date to come, without any error."""
    general = [*reading.of("guard.hypothetical"), *reading.of("guard.soon")]
    sentences = {reading.sentence(hit.start) for hit in named}
    asked = any(reading.sentence(hit.start) in sentences for hit in general)
    wrong = [
        hit
        for hit in [*reading.of("vague.said"), *reading.of("vague.warning"), *reading.of("vague.cannot_send")]
        if not _untroubled(reading, hit)
    ]
    return asked and not wrong


def _likeliest(reading: Reading) -> tuple[str, ...]:
    connecting = reading.of("server") or reading.of("vague.warning")
    return _CONNECTING if connecting and not reading.of("protection") else SENDING


def _as_evidence(hits: list[Hit], concept: str) -> list[Evidence]:
    return [Evidence("", 0, hit.start, hit.end, concept) for hit in hits]
