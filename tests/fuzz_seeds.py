"""What fuzzing begins with: files of every shape that people send, made in code, and what is looked for."""

from base64 import b64encode
from collections.abc import Iterator
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ed25519, padding
from cryptography.hazmat.primitives.serialization import Encoding

from checks.finding import CODES
from checks.report import Report, Trust, inspect
from tests.certificates import (
    ADDRESS,
    AT,
    DAY,
    SERVER,
    Issued,
    as_pem,
    authority,
    issue,
    name,
    p7b,
    pem,
    person,
    rsa_key,
    server,
    trusting,
    version_1,
)

_CODES = frozenset(code for code, _ in CODES)


@cache
def _chain() -> tuple[Issued, Issued, Issued]:
    """A person's certificate below an authority with constraints below a root."""
    root = authority()
    within = [x509.RFC822Name("example.co.jp"), x509.DNSName("example.co.jp")]
    middle = authority("Example Issuing CA", root, (x509.NameConstraints(within, None), True), path_length=0)
    return person(middle), middle, root


@cache
def _trust() -> Trust:
    return trusting(_chain()[2])


def look_at(data: bytes) -> Report:
    """The report on any bytes, of which everything holds that holds of every report. Raises nothing."""
    report = inspect(data, at=AT, address=ADDRESS, trust=_trust())
    inspect(data, at=AT, server=SERVER, trust=_trust())
    promised(report)
    return report


def promised(report: Report) -> None:
    """What holds of every report. Raises AssertionError."""
    assert Report.model_validate_json(report.model_dump_json()) == report
    assert {finding.code for finding in report.findings} <= _CODES
    assert (report.headline is None) == (report.verdict == "usable")
    assert (report.certificate is None) == (report.verdict == "refused")
    if report.verdict == "refused":
        [finding] = report.findings
        assert (finding.holds, finding.severity, finding.code) == (True, "refused", report.headline)


def seeds() -> Iterator[bytes]:
    """Certificates good and odd, alone and together, in every shape."""
    leaf, middle, root = _chain()
    for one in (leaf, middle, root):
        yield one.der
    yield from _shapes(leaf)
    yield pem(leaf, middle, root)
    yield leaf.der + middle.der + b"\r\n"
    yield p7b(leaf, middle, root)
    yield as_pem(p7b(leaf, middle)).replace(b"CERTIFICATE", b"PKCS7")
    yield version_1(leaf, middle)
    yield server(middle, "*.example.co.jp", SERVER).der
    yield person(middle, key=rsa_key(1024), start=AT - 20 * DAY, end=AT - DAY).der
    yield person(end=AT + DAY, bits=("key_agreement",)).der
    yield _odd(middle).der
    yield signed_with_pss()
    for key in (ed25519.Ed25519PrivateKey.generate(), dsa.generate_private_key(1024)):
        yield person(key=key).der
    yield b"<!DOCTYPE html><html><body>Sign in</body></html>"


def _shapes(leaf: Issued) -> Iterator[bytes]:
    text = leaf.pem.decode()
    yield leaf.pem
    yield text.replace("\n", "\r\n").encode("utf-16")
    yield text.replace("\n", "\\n").encode()
    yield "".join(f"> {line}\n" for line in text.splitlines()).encode()
    yield f"Bag Attributes\n    friendlyName: x\nsubject=/CN=x\n{text}".encode()
    yield b64encode(leaf.der)
    yield leaf.pem[:200]


def _odd(issuer: Issued) -> Issued:
    """Names of every kind, and extensions that are broken or that nobody knows."""
    names = x509.SubjectAlternativeName(
        [
            x509.OtherName(x509.ObjectIdentifier("1.3.6.1.5.5.7.8.9"), b"\x0c\x08a@\xe4\xbe\x8b.jp"),
            x509.DirectoryName(issuer.certificate.subject),
            x509.UniformResourceIdentifier("https://example.co.jp/x"),
            x509.RegisteredID(x509.ObjectIdentifier("1.2.3")),
            x509.RFC822Name("x@xn--r8jz45g.jp"),
        ]
    )
    broken = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.37"), b"\x30\x03\x06\x01")
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    return issue("Taro", issuer, (names, False), (broken, False), (unknown, True))


def signed_with_pss() -> bytes:
    """By its own RSA key, so that its signature is verified."""
    key = rsa_key(1024)
    builder = x509.CertificateBuilder().subject_name(name("x")).issuer_name(name("x")).serial_number(1)
    builder = builder.not_valid_before(AT - DAY).not_valid_after(AT + DAY).public_key(key.public_key())
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    return builder.sign(key, hashes.SHA256(), rsa_padding=scheme).public_bytes(Encoding.DER)


TOKENS = (
    *(b"\x06\x03\x55\x1d" + bytes([number]) for number in (14, 15, 17, 19, 30, 35, 37)),
    *(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01" + bytes([number]) for number in (1, 4, 5, 7, 10, 11)),
    b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01",  # emailAddress
    b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",  # signedData
    b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01",  # an EC key
    b"\x06\x07\x2a\x86\x48\xce\x38\x04\x01",  # a DSA key
    b"\x06\x03\x2b\x65\x70",  # Ed25519
    b"\x06\x08\x2b\x06\x01\x05\x05\x07\x08\x09",  # SmtpUTF8Mailbox
    b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x04",  # for e-mail
    b"\x02\x05\x00\xff\xff\xff\xff",  # a number beyond 31 bits
    b"\x30\x80",
    b"\x00\x00",
    b"-----BEGIN ",
    b"-----END ",
    b"MII",
)
"""What the mutations put in: object identifiers and marks that chance does not find."""
