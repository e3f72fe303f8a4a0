"""All findings about one file, and the verdict: `inspect` is what the bot and `python -m checks` call."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from checks import certificate, chain
from checks.asking import Asking, Questions
from checks.certificate import EMAIL_PROTECTION, SERVER_AUTHENTICATION, Asked
from checks.finding import CODES, Certificate, Finding, Purpose, Severity, facts, finding
from checks.leaf import choose
from checks.names import bare_address, bare_server
from checks.read import Unreadable, read
from checks.structure import Parsed
from checks.trust import BadTrust, Trust

__all__ = [
    "CODES",
    "Asking",
    "BadTrust",
    "Certificate",
    "Finding",
    "Purpose",
    "Report",
    "Severity",
    "Trust",
    "inspect",
]

Verdict = Literal["usable", "limited", "unusable", "refused"]

_REFUSALS = tuple(code for code, severity in CODES if severity == "refused")

_NOT_REFUSED = tuple(finding(code, False, None) for code in _REFUSALS)

_CAUSES = (
    *_REFUSALS,
    "bad_signature",  # nothing that stands in it can be believed
    "is_ca",  # the wrong kind of certificate altogether; what else is wrong follows from it
    "not_for_email",
    "not_for_server",
    "self_signed",
    "unsupported_key",
    "address_mismatch",  # another one's certificate; its dates do not matter then
    "no_address",
    "server_name_mismatch",
    "revoked",  # never to be cured by renewing alone
    "expired",
    "not_yet_valid",
    "cannot_sign",
    "cannot_encrypt",
    "issuer_not_allowed",
    "untrusted_root",
    "incomplete_chain",
)
"""Which of several errors is the cause: the first here; the others follow from it, or are for later."""


class Report(BaseModel):
    """What a file tells."""

    model_config = ConfigDict(frozen=True)

    verdict: Verdict
    purpose: Purpose | None = None
    """What the certificate is for; None when that is unclear."""
    can_sign: bool | None = None
    can_encrypt: bool | None = None
    """Both None unless it is for e-mail, or when it cannot be told."""
    address: str | None = None
    server: str | None = None
    """What it was held against."""
    certificate: Certificate | None = None
    """The person's or the server's; None when the file was refused."""
    chain: tuple[Certificate, ...] = ()
    """That certificate and its issuers upwards, as far as they are known."""
    trusted_by: str | None = None
    """The list that its root is on: "company", "microsoft", "certifi", "system"."""
    trust_list: date | None = None
    """The day of Microsoft's list, if that was held against it."""
    trust_list_is_old: bool = False
    """Whether that list is so old (120 days) that newer roots may be missing."""
    findings: tuple[Finding, ...] = ()
    headline: str | None = None
    """The code of the one cause; None when usable."""

    @property
    def holding(self) -> tuple[Finding, ...]:
        """The findings that hold."""
        return tuple(finding for finding in self.findings if finding.holds)

    @property
    def unverified(self) -> bool:
        """Whether a signature in the chain is of a kind that cannot be verified here, or a check of ours that
        may tell an error has failed: anything may be wrong with it, and it must not be called fine."""
        return _unverified(self.findings)

    def holds(self, code: str) -> bool | None:
        """Whether a finding of this code holds; None when that could not be told or does not apply."""
        return _holds(self.findings, code)


def inspect(
    data: bytes,
    *,
    at: datetime,
    address: str | None = None,
    server: str | None = None,
    purpose: Purpose | None = None,
    trust: Trust = Trust(),  # noqa: B008 - frozen, and empty
    asking: Asking = Asking(),  # noqa: B008 - frozen, and asks nobody
    questions: Questions | None = None,
    beside: Iterable[bytes] = (),
) -> Report:
    """What a file tells at a moment, held against an address or a server's name. No bytes make it raise.

    `questions` are what is left for files that came together, else new ones are begun; `beside` are the
    other files that came with it: an issuer may be among them.

    It reads no clock and, unless `asking` allows it, opens no connection.
    """
    try:
        certificates = read(data)
    except Unreadable as refusal:
        return Report(
            verdict="refused",
            address=address,
            server=server,
            findings=(finding(refusal.code, True, None, **refusal.detail),),
            headline=refusal.code,
        )
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    address, server = address and bare_address(address), server and bare_server(server)
    leaf = choose(certificates, address=address, server=server, at=at)
    if purpose is None:
        purpose = "server" if server and not address else _purpose(leaf)
        if purpose is None and address and not server:
            purpose = "email"
    asked = Asked(at=at, address=address or None, server=server or None, purpose=purpose)
    others = [certificate for certificate in certificates if certificate is not leaf]
    near = tuple(found for data in beside for found in _readable(data))
    judged = chain.judge(leaf, others, near, asked, trust, questions or asking.begin())
    findings = (
        *_NOT_REFUSED,
        *certificate.findings(leaf, asked),
        *judged.findings,
    )
    return Report(
        purpose=purpose,
        address=address,
        server=server,
        certificate=facts(leaf),
        chain=tuple(map(facts, judged.certificates)),
        trusted_by=judged.trusted_by,
        trust_list=trust.programme.date() if trust.programme else None,
        trust_list_is_old=trust.is_old(at),
        findings=findings,
        **_conclusion(purpose, findings),
    )


def _readable(data: bytes) -> tuple[Parsed, ...]:
    try:
        return read(data)
    except Unreadable:
        return ()


def _purpose(leaf: Parsed) -> Purpose | None:
    """A server's if it says so, else a person's; unclear when it only names servers."""
    try:
        purposes = leaf.extended_key_usage or frozenset()
    except ValueError:
        purposes = frozenset()
    if EMAIL_PROTECTION in purposes:
        return "email"
    if SERVER_AUTHENTICATION in purposes:
        return "server"
    try:
        return None if leaf.server_names and not leaf.addresses else "email"
    except ValueError:
        return "email"


def _conclusion(purpose: Purpose | None, findings: Sequence[Finding]) -> dict[str, Any]:
    """The verdict's fields of a report: errors that hold decide, what could not be told changes nothing."""
    errors = {finding.code for finding in findings if finding.holds and finding.severity == "error"}
    partly = {"cannot_sign", "cannot_encrypt"}
    broken = bool(errors - partly)
    verdict: Verdict = "unusable" if broken else "usable"
    # what still serves for one of the two is not why the whole cannot be used
    causes = errors - partly if broken and not partly <= errors else errors
    can_sign = can_encrypt = None
    if purpose == "email":
        unverified = _unverified(findings)
        can_sign = _can(_holds(findings, "cannot_sign"), broken, unverified)
        can_encrypt = _can(_holds(findings, "cannot_encrypt"), broken, unverified)
        lacking = [can_sign, can_encrypt].count(False)
        verdict = ("usable", "limited", "unusable")[lacking]
    return {
        "verdict": verdict,
        "can_sign": can_sign,
        "can_encrypt": can_encrypt,
        "headline": next((code for code in _CAUSES if code in causes), None),
    }


def _holds(findings: Iterable[Finding], code: str) -> bool | None:
    told = {finding.holds for finding in findings if finding.code == code}
    if True in told:
        return True
    return None if None in told or not told else False


def _unverified(findings: Iterable[Finding]) -> bool:
    reasons = {
        (finding.code == "bad_signature", finding.detail.get("reason"))
        for finding in findings
        if finding.holds is None and finding.severity == "error"
    }
    return any(reason == "failed" or (signature and reason == "unsupported") for signature, reason in reasons)


def _can(cannot: bool | None, broken: bool, unverified: bool) -> bool | None:
    """None where it cannot be told; so of a certificate whose signature could not be verified."""
    if broken or cannot:
        return False
    return None if cannot is None or unverified else True
