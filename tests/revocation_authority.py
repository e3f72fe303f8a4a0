"""A certification authority that revokes: its lists, its responder's answers, a server that gives them.

All is built with `cryptography`'s own builders, at the fixed date; what they refuse to build, by hand.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from checks.fetch import Fetcher
from checks.status import Status
from checks.structure import Parsed, parse
from tests.certificates import (
    AT,
    DAY,
    Extension,
    Issued,
    authority,
    children,
    issue,
    name,
    usage,
    wrap,
)

REVOKED_AT = AT - 10 * DAY
OCSP_SIGNING = ExtendedKeyUsageOID.OCSP_SIGNING
UNKNOWN_CRITICAL: Extension = (
    x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00"),
    True,
)
Reason = x509.ReasonFlags


def parsed(issued: Issued) -> Parsed:
    return parse(issued.der)


def url(address: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(address)


def directory(common_name: str) -> x509.DirectoryName:
    return x509.DirectoryName(name(common_name))


def responders(*addresses: str) -> Extension:
    """Where a certificate's responders are."""
    methods = [
        x509.AccessDescription(AuthorityInformationAccessOID.OCSP, url(address)) for address in addresses
    ]
    return x509.AuthorityInformationAccess(methods), False


def issuers_at(address: str) -> Extension:
    """Where a certificate's issuer can be had."""
    method = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, url(address))
    return x509.AuthorityInformationAccess([method]), False


def point(
    *names: x509.GeneralName,
    reasons: Iterable[Reason] | None = None,
    issuer: x509.GeneralName | None = None,
    relative: x509.RelativeDistinguishedName | None = None,
) -> x509.DistributionPoint:
    """One distribution point of a certificate."""
    return x509.DistributionPoint(
        full_name=list(names) or None,
        relative_name=relative,
        reasons=frozenset(reasons) if reasons else None,
        crl_issuer=[issuer] if issuer else None,
    )


def points(*of: x509.DistributionPoint) -> Extension:
    return x509.CRLDistributionPoints(of), False


def scope(
    *names: x509.GeneralName,
    only_user: bool = False,
    only_authorities: bool = False,
    only_attributes: bool = False,
    reasons: Iterable[Reason] | None = None,
    indirect: bool = False,
    relative: x509.RelativeDistinguishedName | None = None,
) -> Extension:
    """What a list says of itself: its issuingDistributionPoint."""
    return (
        x509.IssuingDistributionPoint(
            full_name=list(names) or None,
            relative_name=relative,
            only_contains_user_certs=only_user,
            only_contains_ca_certs=only_authorities,
            only_contains_attribute_certs=only_attributes,
            only_some_reasons=frozenset(reasons) if reasons else None,
            indirect_crl=indirect,
        ),
        True,
    )


def entry(
    serial: int, *extensions: Extension, reason: Reason | None = None, at: datetime = REVOKED_AT
) -> x509.RevokedCertificate:
    """One revoked certificate in a list."""
    builder = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
    if reason:
        builder = builder.add_extension(x509.CRLReason(reason), False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.build()


def of_issuer(common_name: str) -> Extension:
    """In an indirect list: whose certificate this and the following entries are."""
    return x509.CertificateIssuer([directory(common_name)]), True


def revocation_list(
    signer: Issued,
    *entries: x509.RevokedCertificate,
    extensions: Sequence[Extension] = (),
    start: datetime = AT - DAY,
    end: datetime = AT + DAY,
    key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """A list in the signer's name; with another key it is a forged one."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(signer.certificate.subject)
        .last_update(start)
        .next_update(end)
    )
    for one in entries:
        builder = builder.add_revoked_certificate(one)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(key or _ec(signer), hashes.SHA256()).public_bytes(Encoding.DER)


def signed_anew(
    signer: Issued,
    part: bytes,
    change: Callable[[list[bytes]], list[bytes]],
    hash_algorithm: hashes.HashAlgorithm | None = None,
) -> bytes:
    """A list or a basic answer with the fields of its signed part changed by hand."""
    signed, algorithm, _, *rest = children(part)
    signed = wrap(0x30, *change(children(signed)))
    signature = _ec(signer).sign(signed, ec.ECDSA(hash_algorithm or hashes.SHA256()))
    return wrap(0x30, signed, algorithm, wrap(0x03, b"\0", signature), *rest)


def _ec(issued: Issued) -> ec.EllipticCurvePrivateKey:
    assert isinstance(issued.key, ec.EllipticCurvePrivateKey)
    return issued.key


def delegate(
    issuer: Issued,
    common_name: str = "Example Responder",
    *extensions: Extension,
    purposes: Sequence[x509.ObjectIdentifier] = (OCSP_SIGNING,),
    start: datetime = AT - 10 * DAY,
    end: datetime = AT + 10 * DAY,
) -> Issued:
    """A responder's certificate."""
    parts: list[Extension] = [(usage("digital_signature"), True)]
    if purposes:
        parts.append((x509.ExtendedKeyUsage(purposes), False))
    return issue(common_name, issuer, *parts, *extensions, start=start, end=end, serial=99)


def answer(
    certificate: Issued,
    issuer: Issued,
    signer: Issued | None = None,
    *,
    revoked: bool | None = False,
    reason: Reason | None = None,
    start: datetime = AT - DAY,
    end: datetime | None = AT + DAY,
    hash_algorithm: hashes.HashAlgorithm | None = None,
    named: Issued | None = None,
    by_name: bool = False,
    carried: Sequence[Issued] | None = None,
    extensions: Sequence[Extension] = (),
) -> bytes:
    """A responder's answer: good, revoked, or unknown (None). The issuer signs it unless told otherwise."""
    signer = signer or issuer
    status = {
        True: ocsp.OCSPCertStatus.REVOKED,
        False: ocsp.OCSPCertStatus.GOOD,
        None: ocsp.OCSPCertStatus.UNKNOWN,
    }[revoked]
    encoding = ocsp.OCSPResponderEncoding.NAME if by_name else ocsp.OCSPResponderEncoding.HASH
    carried = carried if carried is not None else [signer] if signer is not issuer else []
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=certificate.certificate,
            issuer=issuer.certificate,
            algorithm=hash_algorithm or hashes.SHA1(),
            cert_status=status,
            this_update=start,
            next_update=end,
            revocation_time=REVOKED_AT if revoked else None,
            revocation_reason=reason if revoked else None,
        )
        .responder_id(encoding, (named or signer).certificate)
    )
    if carried:
        builder = builder.certificates([one.certificate for one in carried])
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    whole = builder.sign(_ec(named or signer), hashes.SHA256()).public_bytes(Encoding.DER)
    if named:  # the builder would not sign in another's name
        return with_basic(whole, signed_anew(signer, basic(whole), lambda fields: fields))
    return whole


def refusal(status: ocsp.OCSPResponseStatus) -> bytes:
    """An answer that answers nothing."""
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


def basic(whole: bytes) -> bytes:
    """The basic answer in an answer."""
    [_, octets] = children(children(children(whole)[1])[0])
    return octets[len(octets) - _content_length(octets) :]


def with_basic(whole: bytes, replaced: bytes) -> bytes:
    """An answer with another basic answer in it."""
    status, body = children(whole)
    kind, _ = children(children(body)[0])
    return wrap(0x30, status, wrap(0xA0, wrap(0x30, kind, wrap(0x04, replaced))))


def _content_length(element: bytes) -> int:
    if element[1] < 0x80:
        return element[1]
    return int.from_bytes(element[2 : 2 + (element[1] & 0x7F)], "big")


Answer = bytes | int | Callable[[bytes], bytes] | Event
"""What is given: bytes; a status code; what the question's bytes make of it; nothing until the event."""


@dataclass
class Server:
    """A real server on loopback: what it gives at each path, and what it was asked."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """Methods and paths, in order."""

    def __post_init__(self) -> None:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        port = self._http.server_address[1]
        assert isinstance(port, int)
        return port

    def at(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def fetcher(self, seconds: float = 5.0) -> Fetcher:
        """The guarded client that the product uses, with this server allowed."""
        return Fetcher(allowed_hosts=[("127.0.0.1", self.port)], seconds=seconds)

    def stop(self) -> None:
        """Takes no more connections; nobody is there any more. Once is enough, twice does no harm."""
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
            self._http.server_close()


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Asked(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._give(b"")

        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/ocsp-request"
            self._give(self.rfile.read(int(self.headers["Content-Length"])))

        def _give(self, question: bytes) -> None:
            server.asked.append(f"{self.command} {self.path}")
            given = server.answers.get(self.path, 404)
            if isinstance(given, Event):
                given.wait()
                return
            body = b"" if isinstance(given, int) else given(question) if callable(given) else given
            self.send_response(given if isinstance(given, int) else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Says nothing: the tests look at what was asked."""

    return Asked


class Shelf:
    """Statuses that are kept, in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, Status] = {}

    def get(self, certificate: str, at: datetime) -> Status | None:
        status = self.kept.get(certificate)
        return status if status and status.until and at <= status.until else None

    def put(self, certificate: str, status: Status) -> None:
        self.kept[certificate] = status


CA = authority("Example Revoking CA")
OTHER = authority("Somebody Else's CA")


def subject(*extensions: Extension, issuer: Issued = CA, serial: int = 4711) -> Issued:
    """A person's certificate that names where to ask, if told to."""
    return issue("Hanako Yamada", issuer, *extensions, serial=serial)


def huge_list(signer: Issued, *, megabytes: int = 10, indirect: bool = False) -> tuple[bytes, int]:
    """A list as big as any that is fetched, and the serial number of its last entry."""
    extensions = [scope(indirect=True)] if indirect else []
    first = entry(1 << 120, *([of_issuer("Example Revoking CA")] if indirect else []))
    small = revocation_list(signer, first, extensions=extensions)
    [sample] = children(children(children(small)[0])[5])
    before, after = sample.split((1 << 120).to_bytes(16, "big"))
    numbers = range(1 << 120, (1 << 120) + 7 * ((megabytes << 20) // len(sample) - 20), 7)
    body = b"".join(before + number.to_bytes(16, "big") + after for number in numbers)
    whole = signed_anew(signer, small, lambda fields: [*fields[:5], wrap(0x30, body), *fields[6:]])
    return whole, numbers[-1]
