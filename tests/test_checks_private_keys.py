"""A private key is found first, in whatever form and encoding, and nothing else is read."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from functools import cache
from urllib.parse import quote, quote_plus

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, x25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)

from checks import private_key
from checks.report import inspect
from tests.certificates import AT, authority, ec_key, name, p7b, person, rsa_key, server, version_1, wrap

LOCKED = BestAvailableEncryption(b"secret")
PrivateKey = (
    ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | x25519.X25519PrivateKey | dsa.DSAPrivateKey
)


@cache
def keys() -> dict[str, PrivateKey]:
    return {
        "P-256": ec_key(),
        "P-521": ec.generate_private_key(ec.SECP521R1()),
        "Ed25519": ed25519.Ed25519PrivateKey.generate(),
        "X25519": x25519.X25519PrivateKey.generate(),
        "DSA": dsa.generate_private_key(1024),
    }


def _rsa(encoding: Encoding, form: PrivateFormat, encryption: KeySerializationEncryption) -> bytes:
    return rsa_key().private_bytes(encoding, form, encryption)


def _key(kind: str, encoding: Encoding, form: PrivateFormat, encryption: KeySerializationEncryption) -> bytes:
    return keys()[kind].private_bytes(encoding, form, encryption)


def _pfx(encryption: KeySerializationEncryption) -> bytes:
    leaf = person(authority(), key=rsa_key())
    assert leaf.key is rsa_key()
    return pkcs12.serialize_key_and_certificates(b"x", rsa_key(), leaf.certificate, None, encryption)


PKCS8, OLD, SSH = PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL, PrivateFormat.OpenSSH
DER, PEM, OPEN = Encoding.DER, Encoding.PEM, NoEncryption()

FORMS: dict[str, Callable[[], bytes]] = {
    "PKCS#8, PEM": lambda: _rsa(PEM, PKCS8, OPEN),
    "PKCS#8, PEM, encrypted": lambda: _rsa(PEM, PKCS8, LOCKED),
    "PKCS#8, DER": lambda: _rsa(DER, PKCS8, OPEN),
    "PKCS#8, DER, encrypted": lambda: _rsa(DER, PKCS8, LOCKED),
    "PKCS#1, PEM": lambda: _rsa(PEM, OLD, OPEN),
    "PKCS#1, PEM, encrypted": lambda: _rsa(PEM, OLD, LOCKED),
    "PKCS#1, DER": lambda: _rsa(DER, OLD, OPEN),
    "PKCS#1, DER, 1024 bits": lambda: rsa_key(1024).private_bytes(DER, OLD, OPEN),
    "OpenSSH": lambda: _rsa(PEM, SSH, OPEN),
    "SEC1, PEM": lambda: _key("P-256", PEM, OLD, OPEN),
    "SEC1, DER": lambda: _key("P-256", DER, OLD, OPEN),
    "SEC1, DER, P-521": lambda: _key("P-521", DER, OLD, OPEN),
    "EC in PKCS#8, DER": lambda: _key("P-256", DER, PKCS8, OPEN),
    "EC in PKCS#8, DER, encrypted": lambda: _key("P-256", DER, PKCS8, LOCKED),
    "Ed25519, DER": lambda: _key("Ed25519", DER, PKCS8, OPEN),
    "X25519, DER": lambda: _key("X25519", DER, PKCS8, OPEN),
    "DSA, DER": lambda: _key("DSA", DER, OLD, OPEN),
    "DSA in PKCS#8, DER": lambda: _key("DSA", DER, PKCS8, OPEN),
    "PKCS#12": lambda: _pfx(LOCKED),
    "PKCS#12 without a password": lambda: _pfx(OPEN),
    "PKCS#12, only its beginning": lambda: _pfx(LOCKED)[:200],
    "PKCS#12 without lengths": lambda: b"\x30\x80" + _pfx(LOCKED)[4:] + b"\0\0",
    "PVK": lambda: b"\x1e\xf1\xb5\xb0" + bytes(400),
    "CryptoAPI's blob": lambda: b"\x07\x02\x00\x00\x00\xa4\x00\x00RSA2" + bytes(400),
    "Java key store": lambda: b"\xfe\xed\xfe\xed\x00\x00\x00\x02\x00\x00\x00\x01" + bytes(100),
    "PGP": lambda: b"\x95\x01\xd8\x04\x65\x00\x00\x00\x01" + bytes(400),
    "PGP, new format": lambda: b"\xc5\x58\x04\x65\x00\x00\x00\x16" + bytes(100),
    "PuTTY": lambda: b"PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n",
    "JSON web key": lambda: json.dumps({"kty": "EC", "crv": "P-256", "d": _secret()}).encode(),
    "JSON web key, a short one": lambda: b'{\n  "kty" : "EC",\n  "d"\t:  "AQ"\n}' + b" " * 40,
    "XML key": lambda: b"<RSAKeyValue><Modulus>x</Modulus><D>" + _secret().encode() + b"</D></RSAKeyValue>",
}  # fmt: skip


def _secret() -> str:
    key = keys()["P-256"]
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return urlsafe_b64encode(key.private_numbers().private_value.to_bytes(32, "big")).decode().rstrip("=")


def folded(data: bytes, end: bytes = b"\n") -> bytes:
    digits = b64encode(data)
    return end.join(digits[at : at + 64] for at in range(0, len(digits), 64)) + end


WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda data: data,
    "after a certificate": lambda data: person().pem + data,
    "after a certificate in DER": lambda data: person().der + data,
    "base64": folded,
    "base64, CRLF": lambda data: folded(data, b"\r\n"),
    "base64 on one line": b64encode,
    "base64 after an equals sign": lambda data: b"key=" + b64encode(data) + b"\n",
    "base64 after other base64": lambda data: b64encode(b"0" * 100) + b"\n\n" + folded(data),
    "base64, quoted": lambda data: b"".join(b"> " + line for line in folded(data).splitlines(True)),
    "base64 in a mail": lambda data: b"Subject: x\n\n" + folded(data) + b"\n--x--\n",
    "base64 twice": lambda data: folded(folded(data)),
    "base64 in UTF-16": lambda data: folded(data).decode().encode("utf-16"),
    "under a certificate's label": lambda data: (
        b"-----BEGIN CERTIFICATE-----\n" + folded(data) + b"-----END CERTIFICATE-----\n"
    ),
    "after a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "in a sequence": lambda data: wrap(0x30, person().der, data),
    "base64 for URLs": urlsafe_b64encode,
    "base64 for URLs in JSON": lambda data: b'{"file": "' + urlsafe_b64encode(data).rstrip(b"=") + b'"}',
    "in JSON": lambda data: json.dumps({"file": b64encode(data).decode()}).encode(),
    "in a profile": lambda data: b"<plist><data>\n\t" + folded(data, b"\n\t") + b"</data></plist>",
}


FILES_OF_THEIR_OWN = ("PVK", "CryptoAPI's blob", "Java key store", "PGP", "PGP, new format")
"""These are told by their first bytes."""


@pytest.mark.parametrize(
    ("form", "wrapping"),
    [
        (form, wrapping)
        for form in FORMS
        for wrapping in WRAPPINGS
        if not (form in FILES_OF_THEIR_OWN and wrapping.startswith(("after a certificate", "in a sequence")))
    ],
)
def test_an_uploaded_private_key_is_never_read(form: str, wrapping: str) -> None:
    report = inspect(WRAPPINGS[wrapping](FORMS[form]()), at=AT)
    assert (report.verdict, report.headline) == ("refused", "private_key_uploaded")
    assert [finding.code for finding in report.findings] == ["private_key_uploaded"]
    assert (report.certificate, report.chain) == (None, ())


FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}

TEXTS: dict[str, Callable[[str], bytes]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR": lambda text: text.replace("\n", "\r").encode(),
    "one line": lambda text: text.replace("\n", "").encode(),
    "escaped line ends": lambda text: text.replace("\n", "\\n").encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16, little endian, no mark": lambda text: text.encode("utf-16-le"),
    "UTF-16, big endian, no mark": lambda text: text.encode("utf-16-be"),
    "UTF-16 at an odd place": lambda text: b"x" + text.encode("utf-16-le"),
    "UTF-32": lambda text: text.encode("utf-32"),
    "lower case": lambda text: text.lower().encode(),
    "quoted": lambda text: text.replace("\n", "\n> ").encode(),
    "its second half": lambda text: text[len(text) // 2 :].encode(),
    "its first half": lambda text: text[: len(text) // 2].encode(),
    "in a URL": lambda text: quote(text, safe="").encode(),
    "in a URL, its first line": lambda text: quote(text.split("\n")[0]).encode(),
    "in a form": lambda text: b"key=" + quote_plus(text).encode(),
    "full-width": lambda text: text.translate(FULL_WIDTH).encode(),
    "full-width, UTF-16": lambda text: text.translate(FULL_WIDTH).encode("utf-16"),
    "base64 of it": lambda text: b64encode(text.encode()),
    "with dashes joined": lambda text: text.replace("--", "—").encode(),
}


@pytest.mark.parametrize("encoding", TEXTS)
@pytest.mark.parametrize(
    "form", ["PKCS#8, PEM", "PKCS#8, PEM, encrypted", "PKCS#1, PEM", "SEC1, PEM", "OpenSSH"]
)
def test_a_private_key_in_pem_is_found_however_the_text_is_spoilt(form: str, encoding: str) -> None:
    assert private_key.find(TEXTS[encoding](FORMS[form]().decode())) is not None


def test_the_form_is_told_and_nothing_of_the_key() -> None:
    [finding] = inspect(_pfx(LOCKED), at=AT).findings
    assert (finding.severity, finding.detail) == ("refused", {"form": "pkcs12"})


def test_a_key_is_found_before_the_file_is_too_large() -> None:
    report = inspect(b"\n" * 300_000 + FORMS["PKCS#8, PEM"](), at=AT)
    assert report.headline == "private_key_uploaded"


def _request() -> bytes:
    return (
        x509.CertificateSigningRequestBuilder()
        .subject_name(name("x"))
        .sign(ec_key(), SHA256())
        .public_bytes(DER)
    )


def _no_key() -> dict[str, bytes]:
    root = authority()
    leaf = person(root, key=rsa_key())
    public = rsa_key().public_key()
    return {
        "a certificate": leaf.der,
        "a certificate of version 1 with serial number 1": version_1(authority(), root),
        "a version 1 certificate with serial number 0": leaf.der.replace(
            b"\x02\x02\x12\x67", b"\x02\x02\x00\x00"
        ),
        "a PEM": leaf.pem,
        "a chain": p7b(leaf, root),
        "a server's": server(root, "mail.example.co.jp").pem,
        "a request": _request(),
        "a public key": public.public_bytes(DER, PublicFormat.SubjectPublicKeyInfo),
        "a public key, PKCS#1": public.public_bytes(DER, PublicFormat.PKCS1),
        "a sentence about keys": "秘密キー（private key）は送らないでください。".encode(),
        "a date in the form of a key": wrap(0x30, b"\x02\x01\x00", wrap(0x30, b"\x06\x01\x2a"), wrap(0x30)),
        "a JSON web key that is public": b'{"kty": "EC", "crv": "P-256", "x": "AQAB", "y": "AQAB"}',
        "base64 for URLs that is a certificate": urlsafe_b64encode(leaf.der),
        "a PGP public key": b"\x99\x01\x0d\x04\x65\x00\x00\x00\x01" + bytes(200),
        "nothing": b"",
    }


@pytest.mark.parametrize("what", _no_key())
def test_what_is_no_private_key_is_not_called_one(what: str) -> None:
    assert private_key.find(_no_key()[what]) is None
