"""Asking a responder (RFC 6960, RFC 5019): the question about a certificate, what an answer is worth."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha1, sha256

from checks import der, encode, keys
from checks.crl import extensions
from checks.der import CONSTRUCTED, CONTEXT, GENERALIZED_TIME, OCTET_STRING, SEQUENCE, Element, Malformed
from checks.names import name_key
from checks.status import CRL_REASONS, Status, most_telling, untold
from checks.structure import (
    AUTHORITY_INFORMATION_ACCESS,
    AUTHORITY_KEY_ID,
    BASIC_CONSTRAINTS,
    EXTENDED_KEY_USAGE,
    KEY_USAGE,
    SUBJECT_ALTERNATIVE_NAME,
    SUBJECT_KEY_ID,
    URI_NAME,
    Parsed,
    parse,
)

REQUEST_TYPE = "application/ocsp-request"
OCSP_ACCESS, OCSP_SIGNING = "1.3.6.1.5.5.7.48.1", "1.3.6.1.5.5.7.3.9"
SKEW = timedelta(minutes=5)
"""How far a responder's clock may be from ours."""
LONGEST_WITHOUT_END = timedelta(hours=24)
"""How old an answer without nextUpdate may be."""

_BASIC = "1.3.6.1.5.5.7.48.1.1"
_SHA1, _SHA256 = "1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1"
_SHA1_ALGORITHM = bytes.fromhex("300906052b0e03021a0500")
_ENUMERATED = 0x0A
_GOOD, _REVOKED = CONTEXT, CONSTRUCTED + 1
_REFUSALS = {1: "unsupported", 2: "unreachable", 3: "unreachable", 5: "unsupported", 6: "unknown"}
"""OCSPResponseStatus (RFC 6960 4.2.1); many say 6, unauthorized, of whom they do not know (RFC 5019)."""
_MOST_DELEGATES = 8
_UNDERSTOOD_OF_DELEGATES = frozenset(
    {
        *(BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, SUBJECT_ALTERNATIVE_NAME),
        *(SUBJECT_KEY_ID, AUTHORITY_KEY_ID, AUTHORITY_INFORMATION_ACCESS),
        "2.5.29.32",  # certificatePolicies
        "1.3.6.1.5.5.7.48.1.5",  # id-pkix-ocsp-nocheck
    }
)


def addresses(certificate: Parsed) -> tuple[str, ...]:
    """Where its responders are: http and https (RFC 5280 4.2.2.1). Raises ValueError."""
    extension = certificate.extension(AUTHORITY_INFORMATION_ACCESS)
    found = []
    for description in extension.expect(SEQUENCE).children if extension else []:
        parts = description.expect(SEQUENCE).children
        if len(parts) == 2 and der.oid(parts[0]) == OCSP_ACCESS and parts[1].tag == URI_NAME:
            found.append(parts[1].content.decode("utf-8", "replace"))
    return tuple(url for url in found if url.lower().startswith(("http://", "https://")))


def question(certificate: Parsed, issuer: Parsed) -> bytes:
    """An OCSPRequest about one certificate: SHA-1 as all responders know it, no nonce. Raises Malformed."""
    asked = encode.element(
        SEQUENCE,
        _SHA1_ALGORITHM,
        encode.element(OCTET_STRING, sha1(certificate.issuer).digest()),
        encode.element(OCTET_STRING, sha1(_key_bits(issuer)).digest()),
        encode.integer(certificate.serial),
    )
    for _ in range(4):  # Request, requestList, TBSRequest, OCSPRequest
        asked = encode.element(SEQUENCE, asked)
    return asked


def _key_bits(certificate: Parsed) -> bytes:
    parts = der.only(certificate.key, SEQUENCE).children
    if len(parts) != 2:
        raise Malformed("a public key has an algorithm and a value")
    return der.bits(parts[1])


@dataclass(frozen=True)
class _Answer:
    """The parts of a BasicOCSPResponse."""

    signed: bytes
    algorithm: bytes
    signature: bytes
    responder: Element
    responses: list[Element]
    certificates: list[Element]
    unknown_critical: bool


def judge(answer: bytes, certificate: Parsed, issuer: Parsed, at: datetime) -> Status:
    """What an answer tells of a certificate, whatever these bytes are."""
    try:
        whole = der.only(answer, SEQUENCE).children
        if not whole or whole[0].tag != _ENUMERATED:
            return untold("unsupported", "ocsp")
        if (code := int.from_bytes(whole[0].content, "big")) != 0:
            return untold(_REFUSALS.get(code, "unsupported"), "ocsp")
        return _judged(_read(whole), certificate, issuer, at)
    except ValueError:
        return untold("unsupported", "ocsp")


def _read(whole: list[Element]) -> _Answer:
    _, body = _parts(whole, 2)
    kind, content = _parts(der.only(body.expect(CONSTRUCTED).content, SEQUENCE).children, 2)
    if der.oid(kind) != _BASIC:
        raise Malformed("no basic answer")
    parts = der.only(content.expect(OCTET_STRING).content, SEQUENCE).children
    signed, algorithm, signature, *certificates = _parts(parts, 3, 4)
    fields = signed.expect(SEQUENCE).children
    if fields and fields[0].tag == CONSTRUCTED:  # the version
        fields.pop(0)
    responder, _, responses, *rest = _parts(fields, 3, 4)
    return _Answer(
        signed=signed.encoded,
        algorithm=algorithm.encoded,
        signature=der.bits(signature),
        responder=responder,
        responses=responses.expect(SEQUENCE).children,
        certificates=der.only(certificates[0].content, SEQUENCE).children if certificates else [],
        unknown_critical=_any_critical(rest),
    )


def _parts(found: list[Element], *counts: int) -> list[Element]:
    if len(found) not in counts:
        raise Malformed(f"{len(found)} elements where {counts} should be")
    return found


def _any_critical(rest: list[Element]) -> bool:
    """Whether an extension is critical: none that answers have must be understood here."""
    return any(one.critical for field in rest for one in extensions(der.only(field.content)).values())


def _judged(answer: _Answer, certificate: Parsed, issuer: Parsed, at: datetime) -> Status:
    about = [single for single in answer.responses if _is_about(single, certificate, issuer)]
    if not about:
        return untold("not_covered", "ocsp")
    signed = _is_signed(answer, issuer, at)
    if not signed:
        return untold("unsupported" if signed is None else "not_signed", "ocsp")
    if answer.unknown_critical:
        return untold("unsupported", "ocsp")
    told = [_single(single, at) for single in about]
    for revoked in (True, False):
        if status := next((one for one in told if one.revoked is revoked), None):
            return status
    return untold(most_telling(one.reason for one in told), "ocsp")


def _is_about(single: Element, certificate: Parsed, issuer: Parsed) -> bool:
    """Whether its CertID is the certificate's: issuer's name, issuer's key and serial number."""
    identifier, *_ = single.expect(SEQUENCE).children
    algorithm, name_hash, key_hash, serial = _parts(identifier.expect(SEQUENCE).children, 4)
    kind, *_ = algorithm.children
    digest = {_SHA1: sha1, _SHA256: sha256}.get(der.oid(kind))
    return (
        digest is not None
        and der.integer(serial) == certificate.serial
        and name_hash.content in (digest(certificate.issuer).digest(), digest(issuer.subject).digest())
        and key_hash.content == digest(_key_bits(issuer)).digest()
    )


def _is_signed(answer: _Answer, issuer: Parsed, at: datetime) -> bool | None:
    """Whether the issuer or its delegate signed the answer, and is who it says; None: cannot be computed."""
    signers = [issuer] if _is_responder(issuer, answer.responder) else []
    for element in answer.certificates:
        try:
            delegate = parse(element.encoded)
            if _is_responder(delegate, answer.responder) and _is_delegate(delegate, issuer, at):
                signers.append(delegate)
        except ValueError:
            continue
    holds: bool | None = False
    for signer in signers[:_MOST_DELEGATES]:
        made = keys.signature_holds(answer.algorithm, signer.key, answer.signature, answer.signed)
        if made:
            return True
        holds = None if made is None else holds
    return holds


def _is_responder(signer: Parsed, responder: Element) -> bool:
    """Whether responderID names this signer (RFC 6960 4.2.2.3), by its name or by its key's SHA-1."""
    inner = der.only(responder.content)
    if responder.tag == CONSTRUCTED + 1:
        return name_key(inner.encoded) == signer.subject_key
    return responder.tag == CONSTRUCTED + 2 and inner.content == sha1(_key_bits(signer)).digest()


def _is_delegate(delegate: Parsed, issuer: Parsed, at: datetime) -> bool:
    """Whether this very issuer made it its responder (RFC 6960 4.2.2.2). Raises ValueError.

    Whether the responder's own certificate was revoked is not asked: with id-pkix-ocsp-nocheck nobody should
    (4.2.2.2.1), and such certificates live for weeks. One without it, whose key was stolen and which its
    authority has revoked, is still believed here until it ends.
    """
    return (
        delegate.not_before <= at <= delegate.not_after
        and delegate.issuer_key == issuer.subject_key
        and OCSP_SIGNING in (delegate.extended_key_usage or ())
        and not any(one.critical and one.oid not in _UNDERSTOOD_OF_DELEGATES for one in delegate.extensions)
        and keys.verifies(delegate, issuer) is True
    )


def _single(single: Element, at: datetime) -> Status:
    """What a SingleResponse says, if it is of now."""
    _, said, this_update, *rest = single.children
    fields = {field.tag: field for field in rest}
    since = der.time(this_update.expect(GENERALIZED_TIME))
    until = der.time(der.only(fields[CONSTRUCTED].content)) if CONSTRUCTED in fields else None
    # differences, for a moment may be the last that there is (99991231235959Z)
    over = at - until > SKEW if until else at - since > LONGEST_WITHOUT_END
    if since - at > SKEW or over:
        return untold("stale", "ocsp")
    if CONSTRUCTED + 1 in fields and _any_critical([fields[CONSTRUCTED + 1]]):
        return untold("unsupported", "ocsp")
    if said.tag == _GOOD:
        return Status(False, "", None, until, "ocsp")
    if said.tag == _REVOKED:
        return _revoked(said, until)
    return untold("unknown", "ocsp")


def _revoked(said: Element, until: datetime | None) -> Status:
    """Revoked, whatever can or cannot be read of when and why."""
    number, when = 0, None
    with suppress(ValueError):
        moment, *rest = said.children
        when = der.time(moment)
        if rest:
            number = int.from_bytes(der.only(rest[0].content, _ENUMERATED).content, "big")
    return Status(True, CRL_REASONS.get(number, "unspecified"), when, until, "ocsp")
