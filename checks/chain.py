"""Issuers and trust: which path is the best one, what is wrong with it, and by whom it is trusted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from checks import guard, standing, strength
from checks.asking import Questions
from checks.certificate import Asked
from checks.confirmation import confirmable, confirmed
from checks.finding import Finding, called, finding
from checks.guard import guarded
from checks.issuers import faults
from checks.path import End, Path, paths
from checks.structure import Parsed
from checks.trust import Root, Trust


@dataclass(frozen=True)
class Chain:
    """The best path that was found, and all that is to be said about it."""

    certificates: tuple[Parsed, ...]
    trusted_by: str | None
    findings: tuple[Finding, ...]


def judge(
    leaf: Parsed,
    others: Sequence[Parsed],
    near: Sequence[Parsed],
    asked: Asked,
    trust: Trust,
    questions: Questions,
) -> Chain:
    """The chain of a certificate, by the other certificates of its file and of those that came with it, by
    what is known and trusted, and by what may be asked."""
    known = [*others, *near]
    try:
        path, found = _searched(leaf, known, asked, trust, questions)
    except Exception as fault:  # noqa: BLE001 - then the certificate itself is all that can be told about
        guard.report(fault, "path")
        return Chain((leaf,), None, tuple(_without_path(leaf, asked, trust, questions)))
    signers = (*path.certificates, *known, *trust.issuers)
    vouched = _Voucher(path.root, known, asked, trust, questions)
    strengths = tuple(strength.findings(path))
    findings = (
        *guarded(_signatures(path), "bad_signature", certificate=None),
        *guarded(_completeness(path, alone=not others, trust=trust), "incomplete_chain", certificate=None),
        *guarded(_trustworthiness(path, asked, trust), "self_signed", "untrusted_root", certificate=None),
        *guarded(_permissions(path, found, asked, strengths), "issuer_not_allowed", certificate=None),
        *strengths,
        *guarded(
            standing.findings(path, asked, questions.revocation, signers, vouched),
            *("revocation_unknown", "revoked"),
        ),
    )
    source = path.root.source if path.root and not path.unverified else None
    return Chain(path.certificates, source, findings)


def _searched(
    leaf: Parsed, known: list[Parsed], asked: Asked, trust: Trust, questions: Questions
) -> tuple[Path, list[Finding]]:
    """The best path and its faults; what was fetched for it is known from then on."""
    path, found = _best(leaf, known, asked, trust)
    while path.end is End.MISSING and (fetched := _fetched(path, known, questions)):
        known += fetched
        path, found = _best(leaf, known, asked, trust)
    return path, found


def _without_path(leaf: Parsed, asked: Asked, trust: Trust, questions: Questions) -> Iterator[Finding]:
    """What is told when the search itself failed: of its issuers nothing, of the certificate what it is."""
    for code in ("bad_signature", "incomplete_chain", "self_signed", "untrusted_root", "issuer_not_allowed"):
        yield guard.untold(code, None)
    path = Path((leaf,), End.GIVEN_UP)
    yield from strength.findings(path)
    vouched = _Voucher(None, (), asked, trust, questions)
    looks = standing.findings(path, asked, questions.revocation, (), vouched)
    yield from guarded(looks, "revocation_unknown", "revoked")


def _fetched(path: Path, known: Sequence[Parsed], questions: Questions) -> list[Parsed]:
    """Issuers that were not known before, from where the topmost certificate says that its issuer is."""
    url = _url(path.certificates[-1])
    seen = {certificate.encoded for certificate in known}
    return [one for one in questions.issuers(url) if one.encoded not in seen] if url else []


@dataclass
class _Voucher:
    """Tells whether whoever signed a revocation list has a path of its own to the same root that is not
    revoked (RFC 5280 6.3.3 f): judged like any other, but each only once, for two may name each other."""

    root: Root | None
    known: Sequence[Parsed]
    asked: Asked
    trust: Trust
    questions: Questions
    judged: dict[bytes, bool] = field(default_factory=dict)

    def __call__(self, signer: Parsed) -> bool:
        if signer.encoded not in self.judged:
            self.judged[signer.encoded] = False
            self.judged[signer.encoded] = self._judge(signer)
        return self.judged[signer.encoded]

    def _judge(self, signer: Parsed) -> bool:
        asked = self.asked
        path, found = _best(signer, self.known, asked, self.trust)
        in_time = signer.not_before <= asked.at <= signer.not_after
        if path.root is None or path.root != self.root or path.unverified or found or not in_time:
            return False
        signers = (*path.certificates, *self.known, *self.trust.issuers)
        looks = standing.findings(path, asked, self.questions.revocation, signers, self)
        return all(look.holds is False for look in looks)


def _best(leaf: Parsed, others: Iterable[Parsed], asked: Asked, trust: Trust) -> tuple[Path, list[Finding]]:
    best: tuple[Path, list[Finding]] | None = None
    for path in paths(leaf, others, asked, trust):
        found = list(faults(path, asked))
        if path.end is End.TRUSTED and not path.unverified and not found:
            return path, found
        if best is None or _badness(path, found) < _badness(*best):
            best = path, found
    assert best is not None  # there is always the path of the leaf alone
    return best


def _badness(path: Path, found: list[Finding]) -> tuple[int, int, int, int]:
    return len(path.unverified), path.end, len(found), -len(path.certificates)


def _is_rooted(path: Path) -> bool:
    """Whether every signature up to a root was verified, whoever trusts that root."""
    return path.end in (End.TRUSTED, End.UNTRUSTED) and not path.unverified


def _signatures(path: Path) -> Iterator[Finding]:
    if path.end is End.FORGED:
        top, last = path.certificates[-1], len(path.certificates) - 1
        yield finding("bad_signature", True, last, subject=called(top.subject), issuer=called(top.issuer))
    for index in path.unverified:
        yield finding("bad_signature", None, index, reason="unsupported")
    if path.end is not End.FORGED and not path.unverified:
        yield finding("bad_signature", False if _is_rooted(path) else None, None)


def _completeness(path: Path, *, alone: bool, trust: Trust) -> Iterator[Finding]:
    if path.end is not End.MISSING:
        yield finding("incomplete_chain", False if _is_rooted(path) else None, None)
        return
    top, last = path.certificates[-1], len(path.certificates) - 1
    missing = finding("incomplete_chain", True, last, issuer=called(top.issuer), url=_url(top))
    # Windows knows more issuers than we do: for a lone file, or without roots, this proves nothing
    yield missing.model_copy(update={"severity": "info"}) if alone or not trust.roots else missing


def _trustworthiness(path: Path, asked: Asked, trust: Trust) -> Iterator[Finding]:
    """Whether it is its own issuer; if not, whether its root is trusted."""
    top, last = path.certificates[-1], len(path.certificates) - 1
    own_issuer = path.end is End.UNTRUSTED and not last
    yield finding("self_signed", None if path.end is End.FORGED and top.self_issued else own_issuer)
    if own_issuer:
        return
    rooted = _is_rooted(path)
    untold = not path.root and (not trust.roots or trust.is_too_old(asked.at))
    holds = path.end is End.UNTRUSTED if rooted and not untold else None
    detail = {"root": called(top.subject)} if rooted else {"root": ""}
    if path.end is End.UNTRUSTED:
        detail["reason"] = f"root_{_refusal(path, asked, trust) or 'unlisted'}"
    yield finding("untrusted_root", holds, last if rooted else None, **detail)


def _refusal(path: Path, asked: Asked, trust: Trust) -> str | None:
    """Why a root that is on a list is not trusted for this."""
    leaf, root = path.certificates[0], path.certificates[-1]
    return trust.refusal_of(root, purpose=asked.purpose, at=asked.at, issued=leaf.not_before)


def _url(certificate: Parsed) -> str:
    try:
        return certificate.issuer_url or ""
    except ValueError:
        return ""


def _permissions(
    path: Path, found: list[Finding], asked: Asked, strengths: Sequence[Finding]
) -> Iterator[Finding]:
    """Whether every issuer may issue what is below it; of a good path a second opinion is had."""
    yield from found
    if found or (len(path.certificates) == 1 and not path.root):
        return
    if path.end is not End.TRUSTED or path.unverified:
        told = path.end is End.UNTRUSTED and not path.unverified
        yield finding("issuer_not_allowed", False if told else None, None)
    elif (
        any(look.holds is not False for look in strengths)  # the verifier refuses what is weak
        or not confirmable(path, asked)
        or confirmed(path, asked)
    ):
        yield finding("issuer_not_allowed", False, None)
    else:
        yield finding("issuer_not_allowed", None, None, reason="unconfirmed")
