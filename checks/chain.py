"""Issuers and trust: which path is the best one, what is wrong with it, and by whom it is trusted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from cryptography import exceptions, x509
from cryptography.x509 import verification

from checks import keys, standing
from checks.asking import Questions
from checks.certificate import Asked
from checks.finding import Finding, called, finding
from checks.issuers import faults
from checks.path import DEEPEST, End, Path, paths
from checks.structure import Parsed
from checks.trust import Root, Trust

SMALLEST_RSA = 2048

_UNREADABLE = (
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    exceptions.UnsupportedAlgorithm,
)
"""What the library raises, lazily, for parts that it cannot read; none of them is a ValueError."""


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
    path, found = _best(leaf, known, asked, trust)
    while path.end is End.MISSING and (fetched := _fetched(path, known, questions)):
        known += fetched
        path, found = _best(leaf, known, asked, trust)
    signers = (*path.certificates, *known, *trust.issuers)
    vouched = _Voucher(path.root, known, asked, trust, questions)
    findings = (
        *_ends(path, asked, alone=not others, trust=trust),
        *_allowed(path, found, asked),
        *_strengths(path),
        *standing.findings(path, asked, questions.revocation, signers, vouched),
    )
    source = path.root.source if path.root and not path.unverified else None
    return Chain(path.certificates, source, findings)


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


def _ends(path: Path, asked: Asked, *, alone: bool, trust: Trust) -> Iterator[Finding]:
    """Where the path ends: each of four bad ends is told to be, told not to be, or could not be told."""
    top, last = path.certificates[-1], len(path.certificates) - 1
    names = {"subject": called(top.subject), "issuer": called(top.issuer)}
    rooted = path.end in (End.TRUSTED, End.UNTRUSTED) and not path.unverified

    if path.end is End.FORGED:
        yield finding("bad_signature", True, last, **names)
    for index in path.unverified:
        yield finding("bad_signature", None, index, reason="unsupported")
    if path.end is not End.FORGED and not path.unverified:
        yield finding("bad_signature", False if rooted or last else None, None)

    if path.end is End.MISSING:
        missing = finding("incomplete_chain", True, last, issuer=called(top.issuer), url=_url(top))
        # Windows knows more issuers than we do: for a lone file, or without roots, this proves nothing
        yield missing.model_copy(update={"severity": "info"}) if alone or not trust.roots else missing
    else:
        yield finding("incomplete_chain", False if rooted else None, None)

    own_issuer = path.end is End.UNTRUSTED and not last
    yield finding("self_signed", None if path.end is End.FORGED and top.self_issued else own_issuer)
    if not own_issuer:
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


def _allowed(path: Path, found: list[Finding], asked: Asked) -> Iterator[Finding]:
    yield from found
    if found or (len(path.certificates) == 1 and not path.root):
        return
    if path.end is not End.TRUSTED or path.unverified:
        told = path.end is End.UNTRUSTED and not path.unverified
        yield finding("issuer_not_allowed", False if told else None, None)
    elif not _confirmable(path, asked) or confirmed(path, asked):
        yield finding("issuer_not_allowed", False, None)
    else:
        yield finding("issuer_not_allowed", None, None, reason="unconfirmed")


def _confirmable(path: Path, asked: Asked) -> bool:
    """Whether the verifier could say anything new: it refuses what is out of date, weak or unusual."""
    leaf = path.certificates[0]
    in_time = leaf.not_before <= asked.at <= leaf.not_after
    usual = all(certificate.serial > 0 for certificate in path.certificates) and _root_is_usual(path)
    links = zip(path.certificates, path.certificates[1:], strict=False)
    usual = usual and all(child.issuer == issuer.subject for child, issuer in links)
    return in_time and usual and not path.unverified and all(look.holds is False for look in _strengths(path))


def _root_is_usual(path: Path) -> bool:
    """Whether the verifier takes the root: it wants more of it than its name and key."""
    try:
        return path.certificates[-1].is_ca or len(path.certificates) == 1
    except ValueError:
        return False


_LOADED: WeakKeyDictionary[Parsed, x509.Certificate] = WeakKeyDictionary()


def _loaded(issuer: Parsed) -> x509.Certificate:
    """An issuer as the library reads it; a known one is read once. Raises what the library does."""
    found = _LOADED.get(issuer)
    if found is None:
        found = _LOADED[issuer] = x509.load_der_x509_certificate(issuer.encoded)
    return found


def confirmed(path: Path, asked: Asked) -> bool:
    """Whether `cryptography`'s own verifier accepts a path that we found good.

    It judges dates, signatures, authority and names; its purposes are those of the Web, not of e-mail.
    """
    policy = verification.ExtensionPolicy.permit_all()
    authorities = policy.require_present(x509.BasicConstraints, verification.Criticality.AGNOSTIC, None)
    try:
        leaf = x509.load_der_x509_certificate(path.certificates[0].encoded)
        issuers = [_loaded(certificate) for certificate in path.certificates[1:]]
        store = verification.Store([issuers[-1] if issuers else leaf])
        verifier = (
            verification.PolicyBuilder()
            .time(asked.at)
            .store(store)
            .max_chain_depth(DEEPEST)
            .extension_policies(ca_policy=authorities, ee_policy=policy)
            .build_client_verifier()
        )
        verifier.verify(leaf, issuers[:-1])
    except (verification.VerificationError, ValueError, *_UNREADABLE):
        return False
    return True


def _strengths(path: Path) -> Iterator[Finding]:
    """How strong all keys and signatures are, but for a root's own signature, which proves nothing.

    Weak keys: under 2048 bits (CA/Browser Forum S/MIME BR 6.1.5). A weak signature is not a forged one.
    """
    weak_keys, unsupported, weak_signatures = [], [], []
    for index, certificate in enumerate(path.certificates):
        try:
            key = keys.describe(certificate.key)
            weak = key.size is not None and key.size < SMALLEST_RSA
            weak_keys.append(finding("weak_key", weak, index, key=key.words))
            unusable = None if key.usable is None else not key.usable
            unsupported.append(finding("unsupported_key", unusable, index, key=key.words))
        except ValueError:
            weak_keys.append(finding("weak_key", None, index, reason="unreadable"))
            unsupported.append(finding("unsupported_key", None, index, reason="unreadable"))
        if certificate.self_issued or (path.root and index and index == len(path.certificates) - 1):
            continue
        try:
            signature = keys.signature(certificate.algorithm)
            weak_signatures.append(
                finding("weak_signature", signature.weak, index, signature=signature.words)
            )
        except ValueError:
            weak_signatures.append(finding("weak_signature", None, index, reason="unreadable"))
    for looks in (weak_keys, unsupported, weak_signatures):
        yield from [look for look in looks if look.holds is not False] or looks[:1]
