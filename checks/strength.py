"""How strong the keys and signatures of a path are, and whether Outlook can use its keys."""

from collections.abc import Callable, Iterator

from checks import keys
from checks.finding import Finding, finding
from checks.guard import guarded
from checks.path import Path
from checks.structure import Parsed

SMALLEST_RSA = 2048

_Look = Callable[[Parsed], tuple[bool | None, dict[str, str]]]


def findings(path: Path) -> Iterator[Finding]:
    """Of each kind what holds or could not be told, or else once that nothing is wrong.

    A root's own signature is not looked at: it proves nothing.
    """
    top = len(path.certificates) - 1
    signed = [
        index
        for index, certificate in enumerate(path.certificates)
        if not certificate.self_issued and not (path.root and index and index == top)
    ]
    for code, look, indices in (
        ("weak_key", _weak_key, range(top + 1)),
        ("unsupported_key", _unsupported_key, range(top + 1)),
        ("weak_signature", _weak_signature, signed),
    ):
        yield from guarded(_found(code, look, path, indices), code)


def _found(code: str, look: _Look, path: Path, indices: "range | list[int]") -> Iterator[Finding]:
    fine = None
    wrong = False
    for index in indices:
        try:
            holds, detail = look(path.certificates[index])
        except ValueError:
            holds, detail = None, {"reason": "unreadable"}
        if holds is not False:
            wrong = True
            yield finding(code, holds, index, **detail)
        elif fine is None:
            fine = index, detail
    if fine and not wrong:
        index, detail = fine
        yield finding(code, False, index, **detail)


def _weak_key(certificate: Parsed) -> tuple[bool, dict[str, str]]:
    """An RSA key of under 2048 bits (CA/Browser Forum S/MIME BR 6.1.5). Raises ValueError."""
    key = keys.describe(certificate.key)
    return key.size is not None and key.size < SMALLEST_RSA, {"key": key.words}


def _unsupported_key(certificate: Parsed) -> tuple[bool | None, dict[str, str]]:
    """A key that Outlook cannot use, None where we do not know. Raises ValueError."""
    key = keys.describe(certificate.key)
    return None if key.usable is None else not key.usable, {"key": key.words}


def _weak_signature(certificate: Parsed) -> tuple[bool, dict[str, str]]:
    """MD2, MD5 or SHA-1; weak is not forged. Raises ValueError."""
    signature = keys.signature(certificate.algorithm)
    return signature.weak, {"signature": signature.words}
