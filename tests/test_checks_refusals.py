"""What is no certificate is refused, and people are told what it is."""

from base64 import b64encode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from checks.report import inspect
from tests.certificates import AT, DAY, Issued, authority, ec_key, name, person, wrap


def request(encoding: Encoding) -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(name("x"))
    return builder.sign(ec_key(), SHA256()).public_bytes(encoding)


def crl(encoding: Encoding) -> bytes:
    root: Issued = authority()
    builder = x509.CertificateRevocationListBuilder().issuer_name(root.certificate.subject)
    return builder.last_update(AT).next_update(AT + DAY).sign(root.key, SHA256()).public_bytes(encoding)


def public_key(encoding: Encoding) -> bytes:
    return ec_key().public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)


SIGN_IN_PAGE = b"""\xef\xbb\xbf<!DOCTYPE html><html lang="ja"><head><title>Sign in</title></head><body>
<form method="post"><input name="SAMLRequest"
value="PHNhbWxwOkF1dGhuUmVxdWVzdCB4bWxuczpzYW1scD0idXJuOm9hc2lzOm5hbWVz">
</form></body></html>"""

FILES: dict[str, tuple[str, bytes]] = {
    "nothing": ("empty", b""),
    "blanks": ("empty", b" \r\n\t"),
    "a byte order mark": ("empty", b"\xef\xbb\xbf\r\n"),
    "zeros": ("empty", bytes(1000)),
    "a request": ("request", request(Encoding.DER)),
    "a request in PEM": ("request", request(Encoding.PEM)),
    "a request in base64": ("request", b64encode(request(Encoding.DER))),
    "a request in PEM, UTF-16": ("request", request(Encoding.PEM).decode().encode("utf-16")),
    "a revocation list": ("crl", crl(Encoding.DER)),
    "a revocation list in PEM": ("crl", crl(Encoding.PEM)),
    "a public key": ("public_key", public_key(Encoding.DER)),
    "a public key in PEM": ("public_key", public_key(Encoding.PEM)),
    "a sign-in page": ("html", SIGN_IN_PAGE),
    "a page in capitals": ("html", b"\r\n<HTML><BODY>404</BODY></HTML>"),
    "PNG": ("picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    "JPEG": ("picture", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
    "HEIC": ("picture", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
    "GIF": ("picture", b"GIF89a\x01\0\x01\0"),
    "WebP": ("picture", b"RIFF\x24\0\0\0WEBPVP8 "),
    "BMP": ("picture", b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0"),
    "PDF": ("document", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    "a Word document": ("document", b"PK\x03\x04\x14\0\x06\0\x08\0" + bytes(20) + b"[Content_Types].xml"),
    "an Outlook message": ("document", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)),
    "a zip": ("archive", b"PK\x03\x04\x14\0\0\0\x08\0" + bytes(20) + b"user.cer"),
    "7-Zip": ("archive", b"7z\xbc\xaf\x27\x1c\0\4"),
    "a text": ("text", "証明書を送ってください。\n".encode()),
    "a text in Shift JIS": ("text", "証明書を送ってください。\n".encode("cp932")),
    "a text in UTF-16": ("text", "Please send the certificate.\r\n".encode("utf-16")),
    "a text that is base64 of something": ("text", b64encode(b"Some words that mean nothing at all. " * 4)),
    "a PGP message": ("text", b"-----BEGIN PGP MESSAGE-----\n\nhQEM\n=abcd\n-----END PGP MESSAGE-----\n"),
    "signed data without a certificate": (
        "pkcs7",
        wrap(
            0x30,
            b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
            wrap(0xA0, wrap(0x30, b"\x02\x01\x01", wrap(0x31), wrap(0x30, b"\x06\x01\x2a"), wrap(0x31))),
        ),
    ),
    "an encrypted message": (
        "pkcs7",
        wrap(0x30, b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", wrap(0xA0, wrap(0x04, b"x"))),
    ),
    "some other structure": ("unknown", wrap(0x30, b"\x02\x01\x01\x02\x01\x02")),
    "some bytes": ("unknown", b"\x01\x02\x03\x04" * 40),
}


@pytest.mark.parametrize("what", FILES)
def test_what_is_no_certificate_is_told_as_what_it_is(what: str) -> None:
    kind, data = FILES[what]
    report = inspect(data, at=AT)
    assert (report.verdict, report.headline) == ("refused", "not_a_certificate")
    [finding] = report.findings
    assert (finding.holds, finding.severity, finding.certificate) == (True, "refused", None)
    assert finding.detail == {"kind": kind}


def test_a_certificate_that_was_read_is_none_of_the_refused() -> None:
    report = inspect(person().der, at=AT)
    refusals = ("private_key_uploaded", "not_a_certificate", "malformed", "too_large")
    assert [report.holds(code) for code in refusals] == [False] * 4


def test_half_a_certificate_is_malformed_and_says_so() -> None:
    report = inspect(person().der[:200], at=AT)
    assert (report.verdict, report.headline) == ("refused", "malformed")
    assert report.findings[0].detail == {"reason": "cut_off"}
