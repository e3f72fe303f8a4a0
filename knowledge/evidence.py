"""What speaks for a row: the shapes, and how strong each kind of evidence is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from knowledge.programs import Programs

ROW_OF: Mapping[str, str] = {
    "what.expired": "expired_or_revoked",
    "what.lapsed": "expired_or_revoked",
    "what.revoked": "expired_or_revoked",
    "what.not_yet_valid": "expired_or_revoked",
    "what.missing": "no_certificate",
    "what.name": "name_mismatch",
    "what.trust": "untrusted_chain",
    "what.recipient": "recipient_certificate",
    "what.decrypt": "decrypt_failed",
    "what.cannot_check": "revocation_offline",
}
"""Which row a list of concepts.toml speaks for."""

A_WINDOWS_LINE = 3.0
WITH_A_CERTIFICATE = 2.0
WITH_A_SIGNATURE = 1.75
NEAR_A_CERTIFICATE = 1.5
"""The least that makes a row."""
A_GUESS = 0.75
SAID_BY_A_WINDOW = 0.5

Dropped = Literal["other_program", "paper", "certificate", "past"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of text that speaks for a row, and how strongly."""

    row: str
    strength: float
    start: int
    end: int
    concept: str
    sets: tuple[tuple[str, str], ...] = ()

    @property
    def is_own_words(self) -> bool:
        """Found by the lists of [what], not by a window's line or a code."""
        return self.concept.startswith("what.")


@dataclass(slots=True)
class Weighed:
    """Everything that counts, and the reasons for which something did not."""

    programs: Programs
    rows: list[Evidence] = field(default_factory=list)
    headers: list[Evidence] = field(default_factory=list)
    orphans: list[Evidence] = field(default_factory=list)
    """Would speak for a row, were there a certificate in the message."""
    dropped: set[Dropped] = field(default_factory=set)
