"""A certificate is read in every shape in which people send it."""

import struct
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import quote_from_bytes, quote_plus

import pytest

from checks.read import MOST_BYTES, Unreadable, read
from tests.certificates import Issued, authority, children, issue, p7b, pem, person, server, version_1, wrap


def lines(data: bytes, end: bytes = b"\n") -> bytes:
    digits = b64encode(data)
    return end.join(digits[at : at + 64] for at in range(0, len(digits), 64)) + end


def block(label: str, data: bytes) -> bytes:
    return f"-----BEGIN {label}-----\n".encode() + lines(data) + f"-----END {label}-----\n".encode()


def indefinite(data: bytes) -> bytes:
    """A PKCS#7 file as mail programs stream it: its three outer elements have no length."""
    content_type, explicit = children(data)
    [signed_data] = children(explicit)
    inner = b"\x30\x80" + b"".join(children(signed_data)) + b"\0\0"
    return b"\x30\x80" + content_type + b"\xa0\x80" + inner + b"\0\0" + b"\0\0"


BAG = b"Bag Attributes\n    friendlyName: \x8eR\x93c\n    localKeyID: 01 02\nsubject=/CN=x\nissuer=/CN=y\n"

FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}

SHAPES: dict[str, Callable[[bytes, bytes], bytes]] = {
    "DER": lambda der, pem: der,
    "DER with trailing bytes": lambda der, pem: der + b"\0\0\r\n\x1a",
    "DER after a blank line": lambda der, pem: b"\r\n" + der,
    "PEM, LF": lambda der, pem: pem,
    "PEM, CRLF": lambda der, pem: pem.replace(b"\n", b"\r\n"),
    "PEM, CR": lambda der, pem: pem.replace(b"\n", b"\r"),
    "PEM with a byte order mark": lambda der, pem: b"\xef\xbb\xbf" + pem,
    "PEM in UTF-16 with a mark, as PowerShell's > writes it": lambda der, pem: pem.decode().encode("utf-16"),
    "PEM in UTF-16, little endian, without a mark": lambda der, pem: pem.decode().encode("utf-16-le"),
    "PEM in UTF-16, big endian": lambda der, pem: b"\xfe\xff" + pem.decode().encode("utf-16-be"),
    "PEM with bag attributes in Shift JIS": lambda der, pem: BAG + pem,
    "PEM on one line": lambda der, pem: pem.replace(b"\n", b""),
    "PEM on one line, blanks for line ends": lambda der, pem: pem.replace(b"\n", b" "),
    "PEM with escaped line ends, out of JSON": lambda der, pem: pem.replace(b"\n", b"\\n"),
    "PEM quoted in a mail": lambda der, pem: b"".join(b"> " + line for line in pem.splitlines(True)),
    "PEM quoted twice": lambda der, pem: b"".join(b">> > " + line for line in pem.splitlines(True)),
    "PEM indented": lambda der, pem: b"".join(b"    " + line for line in pem.splitlines(True)),
    "PEM in a mail's text": lambda der, pem: "証明書を送ります。\n\n".encode() + pem + "よろしく\n".encode(),
    "PEM with headers": lambda der, pem: pem.replace(
        b"CERTIFICATE-----\n", b"CERTIFICATE-----\nX-Note: a: b\n\n", 1
    ),
    "PEM without its END line": lambda der, pem: pem[: pem.index(b"-----END")],
    "PEM, TRUSTED CERTIFICATE": lambda der, pem: block(
        "TRUSTED CERTIFICATE", der + wrap(0x30, wrap(0x0C, b"x"))
    ),
    "PEM, X509 CERTIFICATE": lambda der, pem: block("X509 CERTIFICATE", der),
    "bare base64": lambda der, pem: lines(der),
    "bare base64, CRLF": lambda der, pem: lines(der, b"\r\n"),
    "bare base64 on one line": lambda der, pem: b64encode(der),
    "bare base64, quoted": lambda der, pem: b"".join(b"> " + line for line in lines(der).splitlines(True)),
    "bare base64 in UTF-16": lambda der, pem: lines(der).decode().encode("utf-16"),
    "base64 in a mail's source": lambda der, pem: (
        b"Content-Type: application/pkix-cert\n\n" + lines(der) + b"\n--x--\n"
    ),
    "DER after a byte order mark": lambda der, pem: b"\xef\xbb\xbf" + der,
    "a path of one": lambda der, pem: wrap(0x30, der),
    "base64 of a PEM": lambda der, pem: lines(pem),
    "base64 of a PEM on one line": lambda der, pem: b64encode(pem),
    "base64 for URLs": lambda der, pem: urlsafe_b64encode(der).rstrip(b"="),
    "base64 for URLs in JSON": lambda der, pem: b'{"certificate": "' + urlsafe_b64encode(der) + b'"}',
    "PEM in a URL": lambda der, pem: quote_from_bytes(pem, safe="").encode(),
    "PEM in a URL, slashes left": lambda der, pem: b"cert=" + quote_from_bytes(pem).encode() + b"&x=1",
    "PEM in a form": lambda der, pem: b"cert=" + quote_plus(pem).encode(),
    "PEM in full-width letters": lambda der, pem: pem.decode().translate(FULL_WIDTH).encode(),
    "PEM in full-width letters, UTF-16": lambda der, pem: pem.decode().translate(FULL_WIDTH).encode("utf-16"),
    "base64 in LDIF": lambda der, pem: (
        b"dn: cn=x\nuserCertificate;binary:: " + lines(der, b"\n ") + b"\nmail: x\n"
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_read(shape: str) -> None:
    issued = person()
    data = SHAPES[shape](issued.der, issued.pem)
    assert [certificate.encoded for certificate in read(data)] == [issued.der]


PKCS7: dict[str, Callable[[bytes], bytes]] = {
    "DER": lambda data: data,
    "PEM, PKCS7": lambda data: block("PKCS7", data),
    "PEM, PKCS #7 SIGNED DATA": lambda data: block("PKCS #7 SIGNED DATA", data),
    "PEM, CMS": lambda data: block("CMS", data),
    "certutil's BEGIN CERTIFICATE around it": lambda data: block("CERTIFICATE", data),
    "bare base64": lines,
    "without lengths, as mail programs write it": indefinite,
    "without lengths, base64": lambda data: lines(indefinite(data)),
}


@pytest.mark.parametrize("shape", PKCS7)
def test_pkcs7_is_read_in_every_shape(shape: str) -> None:
    root = authority()
    leaf = person(root)
    found = read(PKCS7[shape](p7b(leaf, root)))
    assert {certificate.encoded for certificate in found} == {leaf.der, root.der}


def test_a_path_is_read_whole() -> None:
    root = authority()
    leaf = person(root)
    assert [one.encoded for one in read(wrap(0x30, root.der, leaf.der))] == [root.der, leaf.der]


def test_a_certificate_that_is_there_twice_counts_once() -> None:
    leaf = person()
    assert len(read(pem(leaf, leaf))) == 1


def test_certificates_one_after_the_other_in_der_are_all_read() -> None:
    root = authority()
    leaf = person(root)
    assert [certificate.encoded for certificate in read(leaf.der + root.der)] == [leaf.der, root.der]


def test_other_blocks_beside_the_certificate_do_not_disturb() -> None:
    leaf = person()
    assert (
        len(read(block("X509 CRL", b"\x30\x03\x02\x01\x01") + leaf.pem + block("PUBLIC KEY", b"junk"))) == 1
    )


def test_a_broken_block_beside_the_persons_certificate_does_not_disturb() -> None:
    root = authority()
    leaf = person(root)
    assert len(read(leaf.pem + block("CERTIFICATE", root.der[:-20]))) == 1


def test_a_broken_block_beside_issuers_alone_may_be_the_persons_and_is_told() -> None:
    root = authority()
    leaf = person(root)
    with pytest.raises(Unreadable) as refusal:
        read(block("CERTIFICATE", leaf.der[:-20]) + root.pem)
    assert (refusal.value.code, refusal.value.detail) == ("malformed", {"reason": "cut_off"})


def test_a_version_1_certificate_is_read() -> None:
    root = authority()
    [certificate] = read(version_1(person(root), root))
    assert (certificate.version, certificate.extensions, certificate.addresses) == (1, (), ())


def test_a_negative_serial_number_is_read() -> None:
    issued = issue("x", serial=0x7F01)
    [certificate] = read(issued.der.replace(b"\x02\x02\x7f\x01", b"\x02\x02\x80\x01"))
    assert certificate.serial == -0x7FFF


def cut(issued: Issued) -> dict[str, bytes]:
    der, text = issued.der, issued.pem
    return {
        "DER": der[: len(der) // 2],
        "DER, last byte": der[:-1],
        "PEM": text[: len(text) // 2],
        "the second half of a PEM": text[len(text) // 2 :],
        "PEM with an empty body": b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "PEM, not base64": b"-----BEGIN CERTIFICATE-----\nM***\n-----END CERTIFICATE-----\n",
        "bare base64": lines(der)[:400],
        "PKCS#7": p7b(issued)[:300],
    }


@pytest.mark.parametrize("where", cut(person()))
def test_what_is_cut_off_is_malformed(where: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(cut(person())[where])
    assert refusal.value.code == "malformed"


def test_a_pem_whose_first_line_was_not_copied_is_read() -> None:
    leaf = person()
    without = leaf.pem.split(b"\n", 1)[1]
    assert [certificate.encoded for certificate in read(without)] == [leaf.der]


@pytest.mark.parametrize("begins", [b"\0", b"\x30\x80", b"garbage"])
def test_what_is_left_of_a_certificate_is_malformed_and_not_something_else(begins: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(begins + person().der[1:])
    assert refusal.value.code == "malformed"


def test_a_store_that_windows_exported_is_read() -> None:
    leaf, root = person(), authority()

    def element(what: int, value: bytes) -> bytes:
        return struct.pack("<III", what, 1, len(value)) + value

    store = b"\0\0\0\0CERT" + element(3, b"a property") + element(0x20, leaf.der) + element(0x20, root.der)
    assert [one.encoded for one in read(store + bytes(12))] == [leaf.der, root.der]


def test_a_certificate_without_dates_is_malformed() -> None:
    with pytest.raises(Unreadable) as refusal:
        read(person().der.replace(b"\x17\x0d", b"\x16\x0d"))
    assert (refusal.value.code, refusal.value.detail) == ("malformed", {"reason": "broken"})


def test_a_file_over_the_limit_is_not_looked_into() -> None:
    leaf = person()
    assert read(leaf.pem.ljust(MOST_BYTES, b"\n"))
    with pytest.raises(Unreadable) as refusal:
        read(leaf.pem.ljust(MOST_BYTES + 1, b"\n"))
    assert refusal.value.code == "too_large"
    assert refusal.value.detail == {"what": "bytes", "limit": "262144", "size": "256 KB"}


def test_more_than_thirty_certificates_are_too_many() -> None:
    issued = [issue("x", serial=number) for number in range(1, 32)]
    assert len(read(pem(*issued[:30]))) == 30
    with pytest.raises(Unreadable) as refusal:
        read(pem(*issued))
    assert refusal.value.code == "too_large"
    assert refusal.value.detail == {"what": "certificates", "limit": "30", "size": "31 > 30"}


def test_more_than_two_hundred_names_are_too_many() -> None:
    names = [f"host{number}.example.co.jp" for number in range(201)]
    assert read(server(None, *names[:200]).der)
    with pytest.raises(Unreadable) as refusal:
        read(server(None, *names).der)
    assert (refusal.value.code, refusal.value.detail["what"]) == ("too_large", "names")
