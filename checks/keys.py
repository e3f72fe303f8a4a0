"""Public keys and signatures: what they are, whether Outlook can use them, whether a signature verifies."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_public_key

from checks import der
from checks.der import CONSTRUCTED, OID, SEQUENCE, Element, Malformed
from checks.structure import Parsed

Kind = Literal["RSA", "EC", "DSA", "edwards", "montgomery", "lattice signature", "lattice cipher", "other"]

_KINDS: dict[str, tuple[Kind, str]] = {
    "1.2.840.113549.1.1.1": ("RSA", "RSA"),
    "1.2.840.113549.1.1.7": ("RSA", "RSA-OAEP"),
    "1.2.840.113549.1.1.10": ("RSA", "RSA-PSS"),
    "1.2.840.10045.2.1": ("EC", "EC"),
    "1.2.840.10040.4.1": ("DSA", "DSA"),
    "1.3.101.110": ("montgomery", "X25519"),
    "1.3.101.111": ("montgomery", "X448"),
    "1.3.101.112": ("edwards", "Ed25519"),
    "1.3.101.113": ("edwards", "Ed448"),
    "2.16.840.1.101.3.4.3.17": ("lattice signature", "ML-DSA-44"),
    "2.16.840.1.101.3.4.3.18": ("lattice signature", "ML-DSA-65"),
    "2.16.840.1.101.3.4.3.19": ("lattice signature", "ML-DSA-87"),
    "2.16.840.1.101.3.4.4.1": ("lattice cipher", "ML-KEM-512"),
    "2.16.840.1.101.3.4.4.2": ("lattice cipher", "ML-KEM-768"),
    "2.16.840.1.101.3.4.4.3": ("lattice cipher", "ML-KEM-1024"),
    **{f"2.16.840.1.101.3.4.3.{number}": ("other", "SLH-DSA") for number in range(20, 32)},
    "1.2.643.2.2.19": ("other", "GOST R 34.10-2001"),
    "1.2.643.7.1.1.1.1": ("other", "GOST R 34.10-2012 256"),
    "1.2.643.7.1.1.1.2": ("other", "GOST R 34.10-2012 512"),
}
_CURVES = {
    "1.2.840.10045.3.1.1": "P-192",
    "1.3.132.0.33": "P-224",
    "1.2.840.10045.3.1.7": "P-256",
    "1.3.132.0.34": "P-384",
    "1.3.132.0.35": "P-521",
    "1.3.132.0.10": "secp256k1",
    "1.2.156.10197.1.301": "SM2",
    "1.3.36.3.3.2.8.1.1.7": "brainpoolP256r1",
    "1.3.36.3.3.2.8.1.1.11": "brainpoolP384r1",
    "1.3.36.3.3.2.8.1.1.13": "brainpoolP512r1",
}
_KNOWN_CURVES = frozenset(f"EC {curve}" for curve in _CURVES.values() if curve != "SM2")
_SIGNING: tuple[Kind, ...] = ("RSA", "EC", "DSA", "edwards", "lattice signature")
_FOREIGN_CURVES = ("SM2",)
_OUTLOOK_CURVES = ("P-256", "P-384", "P-521")

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "1.2.840.113549.2.5": hashes.MD5(),  # these two to tell weak from forged
    "1.3.14.3.2.26": hashes.SHA1(),
    "2.16.840.1.101.3.4.2.4": hashes.SHA224(),
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
_MD5, _SHA1, _SHA224, _SHA256, _SHA384, _SHA512 = _HASHES.values()
_PSS = "1.2.840.113549.1.1.10"
_SIGNATURES: dict[str, tuple[Kind, str, hashes.HashAlgorithm | None]] = {
    "1.2.840.113549.1.1.2": ("RSA", "MD2 with RSA", None),
    "1.2.840.113549.1.1.4": ("RSA", "MD5 with RSA", _MD5),
    "1.2.840.113549.1.1.5": ("RSA", "SHA-1 with RSA", _SHA1),
    "1.3.14.3.2.29": ("RSA", "SHA-1 with RSA", _SHA1),
    "1.2.840.113549.1.1.14": ("RSA", "SHA-224 with RSA", _SHA224),
    "1.2.840.113549.1.1.11": ("RSA", "SHA-256 with RSA", _SHA256),
    "1.2.840.113549.1.1.12": ("RSA", "SHA-384 with RSA", _SHA384),
    "1.2.840.113549.1.1.13": ("RSA", "SHA-512 with RSA", _SHA512),
    "1.2.840.10045.4.1": ("EC", "SHA-1 with ECDSA", _SHA1),
    "1.2.840.10045.4.3.1": ("EC", "SHA-224 with ECDSA", _SHA224),
    "1.2.840.10045.4.3.2": ("EC", "SHA-256 with ECDSA", _SHA256),
    "1.2.840.10045.4.3.3": ("EC", "SHA-384 with ECDSA", _SHA384),
    "1.2.840.10045.4.3.4": ("EC", "SHA-512 with ECDSA", _SHA512),
    "1.2.840.10040.4.3": ("DSA", "SHA-1 with DSA", _SHA1),
    "2.16.840.1.101.3.4.3.1": ("DSA", "SHA-224 with DSA", _SHA224),
    "2.16.840.1.101.3.4.3.2": ("DSA", "SHA-256 with DSA", _SHA256),
    "1.3.101.112": ("edwards", "Ed25519", None),
    "1.3.101.113": ("edwards", "Ed448", None),
    "2.16.840.1.101.3.4.3.17": ("lattice signature", "ML-DSA-44", None),
    "2.16.840.1.101.3.4.3.18": ("lattice signature", "ML-DSA-65", None),
    "2.16.840.1.101.3.4.3.19": ("lattice signature", "ML-DSA-87", None),
}


@dataclass(frozen=True)
class Key:
    """What a public key is, told without using it."""

    kind: Kind
    words: str
    """Such as "RSA 2048", "EC P-256"; an object identifier for what we do not know."""
    size: int | None
    """Bits of an RSA modulus."""
    usable: bool | None
    """Whether Outlook can use it; None where we do not know."""


@lru_cache(maxsize=256)
def describe(key: bytes) -> Key:
    """What a SubjectPublicKeyInfo holds. Raises Malformed."""
    algorithm, value = der.only(key, SEQUENCE).children
    oid, *parameters = algorithm.expect(SEQUENCE).children
    dotted = der.oid(oid)
    kind, words = _KINDS.get(dotted, ("other", dotted))
    if kind == "RSA":
        modulus, _ = der.only(der.bits(value), SEQUENCE).children
        size = der.integer(modulus).bit_length()
        return Key(kind, f"{words} {size}", size, True if words == "RSA" else None)
    if kind == "EC":
        if not parameters or parameters[0].tag != OID:
            return Key(kind, "EC explicit", None, False)
        curve = _CURVES.get(der.oid(parameters[0]), der.oid(parameters[0]))
        usable = True if curve in _OUTLOOK_CURVES else False if curve in _FOREIGN_CURVES else None
        return Key(kind, f"EC {curve}", None, usable)
    known = dotted in _KINDS and kind != "DSA"
    return Key(kind, words, None, False if known else None)


@dataclass(frozen=True)
class Signature:
    """How a certificate was signed."""

    kind: Kind | None
    words: str
    hash: hashes.HashAlgorithm | None
    salt_length: int | None = None
    """For PSS: bytes of salt."""

    @property
    def weak(self) -> bool:
        """Whether others can forge such a signature: MD2, MD5, SHA-1."""
        return self.words.startswith(("MD", "SHA-1 "))


@lru_cache(maxsize=256)
def signature(algorithm: bytes) -> Signature:
    """What an AlgorithmIdentifier says about a signature. Raises Malformed."""
    oid, *parameters = der.only(algorithm, SEQUENCE).children
    dotted = der.oid(oid)
    if dotted == _PSS:
        return _pss(parameters)
    kind, words, hash_algorithm = _SIGNATURES.get(dotted, (None, dotted, None))
    return Signature(kind, words, hash_algorithm)


def _pss(parameters: list[Element]) -> Signature:
    """RFC 4055 3.1: SHA-1 and 20 bytes of salt if nothing is said; a mask of another hash is not verified."""
    hash_algorithm, mask_algorithm, salt_length = _SHA1, _SHA1, 20
    for part in parameters[0].expect(SEQUENCE).children if parameters else []:
        inner = der.only(part.content)
        if part.tag == CONSTRUCTED:
            hash_algorithm = _hash(inner)
        elif part.tag == CONSTRUCTED + 1:
            _, hash_of_mask = inner.children
            mask_algorithm = _hash(hash_of_mask)
        elif part.tag == CONSTRUCTED + 2:
            salt_length = der.integer(inner)
    words = f"{hash_algorithm.name.upper().replace('SHA', 'SHA-')} with RSA-PSS"
    if mask_algorithm != hash_algorithm and mask_algorithm.name != hash_algorithm.name:
        return Signature(None, words, hash_algorithm)
    return Signature("RSA", words, hash_algorithm, salt_length)


def _hash(algorithm: Element) -> hashes.HashAlgorithm:
    oid, *_ = algorithm.children
    found = _HASHES.get(der.oid(oid))
    if found is None:
        raise Malformed("an unknown hash")
    return found


@lru_cache(maxsize=1024)
def _public_key(key: bytes) -> PublicKeyTypes | None:
    """The key, None when it makes no signatures that we know, or was made so that using it takes long."""
    try:
        known = describe(key)
        if known.kind not in _SIGNING or (known.kind == "EC" and known.words not in _KNOWN_CURVES):
            return None
        loaded = load_der_public_key(key)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    if isinstance(loaded, rsa.RSAPublicKey) and _costly(loaded):
        return None
    if isinstance(loaded, dsa.DSAPublicKey) and loaded.key_size > 4096:
        return None
    return loaded


def _costly(key: rsa.RSAPublicKey) -> bool:
    """Whether using it takes long; Windows keeps exponents in 32 bits, and no authority is over 4096."""
    return key.key_size > 8192 or key.public_numbers().e.bit_length() > 32


def verifies(child: Parsed, issuer: Parsed) -> bool | None:
    """Whether the issuer's key made the child's signature; None when this cannot be computed here."""
    if child.algorithm != child.algorithm_within:
        return False
    return signature_holds(child.algorithm, issuer.key, child.signature, child.signed)


def signature_holds(algorithm: bytes, key: bytes, value: bytes, signed: bytes) -> bool | None:
    """Whether a key made a signature over these bytes; None when this cannot be computed here.

    The algorithm is an AlgorithmIdentifier, the key a SubjectPublicKeyInfo. A weak hash verifies like any
    other: weak is not forged, and is told apart by `Signature.weak`.
    """
    loaded = _public_key(key)
    if loaded is None:
        return None
    try:
        return _verify(loaded, signature(algorithm), value, signed)
    except InvalidSignature:
        return False
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm):  # a salt of more than 31 bits
        return None


def _verify(key: PublicKeyTypes, how: Signature, value: bytes, signed: bytes) -> bool | None:
    """True or None, or InvalidSignature; a key of another kind than the signature's cannot have made it."""
    match key:
        case rsa.RSAPublicKey() if how.kind == "RSA" and how.hash:
            scheme = (
                padding.PKCS1v15()
                if how.salt_length is None
                else padding.PSS(padding.MGF1(how.hash), how.salt_length)
            )
            key.verify(value, signed, scheme, how.hash)
        case ec.EllipticCurvePublicKey() if how.kind == "EC" and how.hash:
            key.verify(value, signed, ec.ECDSA(how.hash))
        case dsa.DSAPublicKey() if how.kind == "DSA" and how.hash:
            key.verify(value, signed, how.hash)
        case ed25519.Ed25519PublicKey() if how.words == "Ed25519":
            key.verify(value, signed)
        case ed448.Ed448PublicKey() if how.words == "Ed448":
            key.verify(value, signed)
        case mldsa.MLDSA44PublicKey() if how.words == "ML-DSA-44":
            key.verify(value, signed)
        case mldsa.MLDSA65PublicKey() if how.words == "ML-DSA-65":
            key.verify(value, signed)
        case mldsa.MLDSA87PublicKey() if how.words == "ML-DSA-87":
            key.verify(value, signed)
        case _ if how.kind is None or (how.kind == "RSA" and how.hash is None):
            return None
        case _:
            raise InvalidSignature
    return True
