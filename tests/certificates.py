"""Certificates for tests, made in code at fixed dates; those too that no library makes any more."""

from base64 import encodebytes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from checks.report import Finding, Purpose, Report, Trust, inspect

AT = datetime(2026, 11, 24, tzinfo=UTC)
DAY = timedelta(days=1)
START, END = AT - 100 * DAY, AT + 400 * DAY

ADDRESS, SERVER = "user@example.co.jp", "mail.example.co.jp"
EMAIL, SERVING = ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.SERVER_AUTH

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | dsa.DSAPrivateKey
Extension = tuple[x509.ExtensionType, bool]


@dataclass(frozen=True)
class Issued:
    """A certificate and the key that belongs to it."""

    certificate: x509.Certificate
    key: Key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """One RSA key of each size for all tests: making them is what takes the time."""
    return rsa.generate_private_key(65537, bits)


def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def name(common_name: str) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example")]
    if common_name:
        attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name))
    return x509.Name(attributes)


def usage(*bits: str) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in bits for name in names})


def issue(
    subject: str | x509.Name,
    issuer: Issued | None = None,
    *extensions: Extension,
    key: Key | None = None,
    start: datetime = START,
    end: datetime = END,
    key_ids: bool = True,
    serial: int = 4711,
) -> Issued:
    """A certificate with these extensions; without an issuer its own key signs it."""
    key = key or ec_key()
    signer = issuer.key if issuer else key
    subject = name(subject) if isinstance(subject, str) else subject
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(end)
    )
    if key_ids:
        theirs, ours = signer.public_key(), key.public_key()
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(ours), False)
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(theirs), False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return Issued(builder.sign(signer, None if _edwards(signer) else hashes.SHA256()), key)


def _edwards(key: Key) -> bool:
    return isinstance(key, ed25519.Ed25519PrivateKey)


def authority(
    common_name: str = "Example Root CA",
    issuer: Issued | None = None,
    *extensions: Extension,
    path_length: int | None = None,
    bits: Sequence[str] = ("key_cert_sign", "crl_sign"),
    key: Key | None = None,
    start: datetime = START - 1000 * DAY,
    end: datetime = END + 1000 * DAY,
    key_ids: bool = True,
) -> Issued:
    """A certification authority's certificate."""
    basic = (x509.BasicConstraints(ca=True, path_length=path_length), True)
    return issue(
        common_name,
        issuer,
        basic,
        (usage(*bits), True),
        *extensions,
        key=key,
        start=start,
        end=end,
        key_ids=key_ids,
    )


def person(
    issuer: Issued | None = None,
    *extensions: Extension,
    addresses: Sequence[str] = (ADDRESS,),
    purposes: Sequence[x509.ObjectIdentifier] = (EMAIL,),
    bits: Sequence[str] = ("digital_signature", "key_agreement", "key_encipherment"),
    common_name: str = "Hanako Yamada",
    key: Key | None = None,
    start: datetime = START,
    end: datetime = END,
    key_ids: bool = True,
) -> Issued:
    """A person's certificate for e-mail, good unless said otherwise; an empty list leaves a part out."""
    parts: list[Extension] = []
    if addresses:
        parts.append(
            (x509.SubjectAlternativeName([x509.RFC822Name(address) for address in addresses]), False)
        )
    if purposes:
        parts.append((x509.ExtendedKeyUsage(list(purposes)), False))
    if bits:
        parts.append((usage(*bits), True))
    return issue(common_name, issuer, *parts, *extensions, key=key, start=start, end=end, key_ids=key_ids)


def server(
    issuer: Issued | None = None,
    *names: str,
    purposes: Sequence[x509.ObjectIdentifier] = (SERVING,),
    end: datetime = END,
) -> Issued:
    """A mail server's certificate."""
    parts: list[Extension] = [(usage("digital_signature"), True)]
    if names:
        parts.append((x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False))
    if purposes:
        parts.append((x509.ExtendedKeyUsage(list(purposes)), False))
    return issue(names[0] if names else SERVER, issuer, *parts, end=end)


def pem(*issued: Issued) -> bytes:
    return b"".join(one.pem for one in issued)


def p7b(*issued: Issued) -> bytes:
    return pkcs7.serialize_certificates([one.certificate for one in issued], Encoding.DER)


def as_pem(der: bytes) -> bytes:
    """What no library makes, as PEM."""
    return b"-----BEGIN CERTIFICATE-----\n" + encodebytes(der) + b"-----END CERTIFICATE-----\n"


def wrap(tag: int, *contents: bytes) -> bytes:
    """One DER element."""
    content = b"".join(contents)
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def children(element: bytes) -> list[bytes]:
    """The elements in a DER element, each as a whole."""
    found, rest = [], element[_header(element) :]
    while rest:
        size = _header(rest) + _length(rest)
        found.append(rest[:size])
        rest = rest[size:]
    return found


def _header(element: bytes) -> int:
    return 2 if element[1] < 0x80 else 2 + (element[1] & 0x7F)


def _length(element: bytes) -> int:
    return element[1] if element[1] < 0x80 else int.from_bytes(element[2 : _header(element)], "big")


def signed_by_hand(
    certificate: bytes, key: Key, old: bytes, new: bytes, hash_algorithm: hashes.HashAlgorithm
) -> bytes:
    """The certificate with some bytes exchanged for as many others, and signed anew over the result."""
    assert len(old) == len(new)
    assert old in certificate
    tbs, algorithm, _ = (part.replace(old, new) for part in children(certificate))
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(tbs, padding.PKCS1v15(), hash_algorithm)
    else:
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        signature = key.sign(tbs, ec.ECDSA(hash_algorithm))
    return wrap(0x30, tbs, algorithm, wrap(0x03, b"\0", signature))


def version_1(issued: Issued, signer: Issued) -> bytes:
    """The certificate as version 1: without version and extensions, signed anew."""
    fields = children(children(issued.der)[0])[1:7]
    tbs = wrap(0x30, *fields)
    assert isinstance(signer.key, ec.EllipticCurvePrivateKey)
    signature = signer.key.sign(tbs, ec.ECDSA(hashes.SHA256()))
    return wrap(0x30, tbs, fields[1], wrap(0x03, b"\0", signature))


def trusting(*roots: Issued, issuers: Sequence[Issued] = ()) -> Trust:
    """Trust in these roots, with these issuers known."""
    return Trust.of([root.der for root in roots], [issuer.der for issuer in issuers])


def look(data: bytes, trust: Trust, purpose: Purpose | None = None) -> Report:
    """What a file tells at the fixed date."""
    return inspect(data, at=AT, trust=trust, purpose=purpose)


def told(
    issued: Issued, code: str, *, address: str | None = None, purpose: Purpose | None = None
) -> bool | None:
    """Whether it is found of the certificate at the fixed date; None where that does not apply."""
    return inspect(issued.der, at=AT, address=address, purpose=purpose).holds(code)


def the(report: Report, code: str) -> Finding:
    """The one finding of a code that there is."""
    [finding] = [finding for finding in report.findings if finding.code == code]
    return finding


def applies(report: Report, code: str) -> bool:
    """Whether anything is said about a code."""
    return any(finding.code == code for finding in report.findings)
