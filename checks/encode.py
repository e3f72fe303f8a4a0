"""The few ASN.1 elements that we write ourselves, as DER (ITU-T X.690)."""

from checks.der import INTEGER


def element(tag: int, *contents: bytes) -> bytes:
    """One element with all contents in it, one after the other."""
    content = b"".join(contents)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def integer(number: int) -> bytes:
    """A number of either sign in as few bytes as it takes."""
    size = (~number if number < 0 else number).bit_length() // 8 + 1
    return element(INTEGER, number.to_bytes(size, "big", signed=True))
