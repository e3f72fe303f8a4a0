"""One bad check never loses the others: one that raises is itself a finding, that it could not be told."""

import logging
from collections.abc import Iterable, Iterator
from traceback import extract_tb

from checks.finding import Finding, finding

logger = logging.getLogger(__name__)


def guarded(looks: Iterable[Finding], *codes: str, certificate: int | None = 0) -> Iterator[Finding]:
    """What a check tells. If it raises, "could not tell" for each of its codes that it has not come to.

    `looks` is best a generator, of which nothing runs before it is asked here.
    """
    told = set()
    try:
        for look in looks:
            told.add(look.code)
            yield look
    except Exception as fault:  # noqa: BLE001 - a fault of ours must not hide what the other checks tell
        report(fault, codes[0])
        for code in codes:
            if code not in told:
                yield untold(code, certificate)


def untold(code: str, certificate: int | None = 0) -> Finding:
    """What a check that raised has found."""
    return finding(code, None, certificate, reason="failed")


def report(fault: Exception, check: str) -> None:
    """Logs that a check failed: what kind of fault it was and where, never its text: it may quote a file."""
    place = extract_tb(fault.__traceback__)[-1]
    logger.error("the check %s failed: %s in %s:%s", check, type(fault).__name__, place.name, place.lineno)
