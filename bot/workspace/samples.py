"""Certificates to try the bot with, made at the start: a small company's authority and what it issued.

root ── issuing authority ── good, expired, for another address, the mail server's, one with its private key
   └─── department's authority (a file of its own) ── the one whose chain is incomplete
an inspection product's own root ── what it shows for the mail server
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_DAY = timedelta(days=1)
_YEAR = 365 * _DAY


@dataclass(frozen=True)
class Sample:
    """A file to drop into the chat."""

    name: str
    data: bytes
    title: dict[str, str]
    """What it is, by language."""
    headline: str | None
    """The code that `checks.report.inspect` gives as its cause; None when nothing is wrong with it."""


@dataclass(frozen=True)
class Samples:
    """The files, and what TRUST_ROOTS and TRUST_CHAIN have to hold for them to be judged right."""

    files: tuple[Sample, ...]
    root: bytes
    """PEM."""
    intermediate: bytes
    """PEM."""


@dataclass(frozen=True)
class _Authority:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def make_samples(
    at: datetime, *, address: str = "user@example.co.jp", server: str = "mail.example.co.jp"
) -> Samples:
    """Samples for a moment, an address and a mail server's name, with new keys at each call."""
    root = _authority("Example Root CA", None, at - 5 * _YEAR, at + 15 * _YEAR)
    issuing = _authority("Example Issuing CA", root, at - 3 * _YEAR, at + 7 * _YEAR)
    department = _authority("Example Department CA", root, at - 3 * _YEAR, at + 7 * _YEAR)
    start, end = at - 30 * _DAY, at + 2 * _YEAR
    other_address = "taro.yamada@" + address.rpartition("@")[2]

    good, _ = _person(address, issuing, start, end)
    expired, _ = _person(address, issuing, at - 2 * _YEAR - 10 * _DAY, at - 10 * _DAY)
    another, _ = _person(other_address, issuing, start, end)
    self_signed, _ = _person(address, None, start, end)
    orphan, _ = _person(address, department, start, end)
    with_key, key = _person(address, issuing, start, end)
    mail_server = _server(server, issuing, start, end)
    gateway = _authority("Example Web Gateway CA", None, at - _YEAR, at + 4 * _YEAR)
    inspected = _server(server, gateway, start, end)

    files = (
        Sample("good.cer", _der(good), {"ja": "問題のない証明書", "en": "A good certificate"}, None),
        Sample("expired.cer", _der(expired), {"ja": "期限切れの証明書", "en": "An expired one"}, "expired"),
        Sample(
            "another-address.cer",
            _der(another),
            {"ja": "別のアドレスの証明書", "en": "One for another address"},
            "address_mismatch",
        ),
        Sample(
            "self-signed.cer",
            _der(self_signed),
            {"ja": "自己署名の証明書", "en": "A self-signed one"},
            "self_signed",
        ),
        Sample(
            "incomplete-chain.p7b",
            pkcs7.serialize_certificates([orphan, root.certificate], Encoding.DER),
            {"ja": "中間証明書が足りないチェーン", "en": "A chain with its intermediate missing"},
            "incomplete_chain",
        ),
        Sample(
            "department-ca.cer",
            _der(department.certificate),
            {"ja": "足りない中間証明書", "en": "The missing intermediate"},
            "is_ca",
        ),
        Sample(
            "inspected-server.pem",
            _pem(inspected) + _pem(gateway.certificate),
            {"ja": "通信検査ソフトが出すサーバー証明書", "en": "A server's, as traffic inspection shows it"},
            "untrusted_root",
        ),
        Sample(
            "mail-server.crt",
            _pem(mail_server),
            {"ja": "メールサーバーの証明書", "en": "A mail server's certificate"},
            None,
        ),
        Sample(
            "with-private-key.pem",
            _pem(with_key) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            {"ja": "秘密キーが入ったファイル", "en": "A file with a private key in it"},
            "private_key_uploaded",
        ),
    )
    return Samples(files, root=_pem(root.certificate), intermediate=_pem(issuing.certificate))


def _authority(name: str, issuer: _Authority | None, start: datetime, end: datetime) -> _Authority:
    key = _key()
    usage = _usage(key_cert_sign=True, crl_sign=True)
    extensions = [(x509.BasicConstraints(ca=True, path_length=None), True), (usage, True)]
    return _Authority(_issue(name, key, issuer, start, end, extensions), key)


def _person(
    address: str, issuer: _Authority | None, start: datetime, end: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = _key()
    extensions = [
        (x509.SubjectAlternativeName([x509.RFC822Name(address)]), False),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
        (_usage(digital_signature=True, key_agreement=True), True),
    ]
    return _issue(address, key, issuer, start, end, extensions), key


def _server(name: str, issuer: _Authority, start: datetime, end: datetime) -> x509.Certificate:
    extensions = [
        (x509.SubjectAlternativeName([x509.DNSName(name)]), False),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (_usage(digital_signature=True), True),
    ]
    return _issue(name, _key(), issuer, start, end, extensions)


def _issue(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: _Authority | None,
    start: datetime,
    end: datetime,
    extensions: list[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:
    """A certificate with this common name; without an issuer it is signed by its own key."""
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer.certificate.subject if issuer else _name(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(signer, SHA256())


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example Co., Ltd."),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(**bits: bool) -> x509.KeyUsage:
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
    return x509.KeyUsage(**{name: bits.get(name, False) for name in names})


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)
