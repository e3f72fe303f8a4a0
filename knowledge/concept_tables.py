"""concepts.toml as people write it: every list by name, every key checked."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ConfigDict, Field

ROWS: tuple[str, ...] = (
    "no_certificate",
    "expired_or_revoked",
    "name_mismatch",
    "untrusted_chain",
    "recipient_certificate",
    "decrypt_failed",
    "revocation_offline",
)
"""The rows that the lists of [what] speak for; a window's line or a code may mean any row of errors.toml."""

NO_ROWS = ("header", "passed", "other")
"""What a window's line may be instead: one that fits several rows, that something is well, another error."""

LANGUAGES = ("ja", "en", "de", "fr", "es", "zh", "ko", "any")

_LATIN = ("en", "de", "fr", "es")

FACTS: Mapping[str, tuple[str, ...]] = {
    "whose": ("own", "server", "recipient", "sender"),
    "expired": ("yes", "no"),
    "revoked": ("yes", "no"),
    "not_yet_valid": ("yes",),
    "changed": ("new_pc", "renewed", "never", "nothing"),
    "new_certificate": ("yes", "waiting", "no"),
    "sending_as": ("shared", "other", "self"),
    "network": ("public", "home", "office"),
    "spread": ("others", "me"),
    "outlook": ("classic", "new", "web", "mac"),
    "phone_works": ("yes",),
    "clock_wrong": ("yes",),
    "signing_needed": ("yes", "no"),
    "private_key": ("no",),
    "urgent": ("yes",),
}
"""Facts with fixed values that a text may tell; address, server_name and issuer are free texts."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Listed(_Shape):
    """One list of words; `any` holds names that are the same in every language."""

    ja: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    de: tuple[str, ...] = ()
    fr: tuple[str, ...] = ()
    es: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()
    any: tuple[str, ...] = ()

    def language_of(self, entry: str) -> str:
        """The field in which an entry stands."""
        return next(name for name in LANGUAGES if entry in getattr(self, name))

    def entries(self) -> Iterator[tuple[str, bool]]:
        """All entries, whatever the language, each with whether that is written in Latin letters."""
        for language in LANGUAGES:
            for entry in getattr(self, language):
                yield entry, language in _LATIN


class Line(Listed):
    """A line of a window: the row it means, or that it fits several, or that something is well."""

    row: str
    sets: dict[str, str] = Field(default_factory=dict)


class Code(_Shape):
    """What an error code means; `none` is a code that is known and no certificate's."""

    row: str
    name: str
    sets: dict[str, str] = Field(default_factory=dict)


class Who(_Shape):
    """Who and what a sentence is about."""

    certificate: Listed
    protection: Listed
    connection: Listed
    outlook: Listed
    mail: Listed
    server: Listed
    recipient: Listed
    sender: Listed
    own: Listed
    issuer: Listed


class Part(_Shape):
    """What a certificate has."""

    date: Listed
    name: Listed
    root: Listed
    authority: Listed
    chain: Listed
    revocation: Listed
    encrypted: Listed


class State(_Shape):
    """What can be said of a certificate or a part of it."""

    not_: Listed = Field(alias="not")
    over: Listed
    different: Listed
    wrong: Listed
    absent: Listed
    unknown: Listed
    broken: Listed
    unreachable: Listed
    unreadable: Listed


class What(_Shape):
    """What is the matter with a certificate."""

    expired: Listed
    lapsed: Listed
    revoked: Listed
    not_yet_valid: Listed
    missing: Listed
    name: Listed
    trust: Listed
    recipient: Listed
    decrypt: Listed
    cannot_check: Listed


class Vague(_Shape):
    """What does not tell the row."""

    unverifiable: Listed
    sign: Listed
    encrypt: Listed
    open: Listed
    said: Listed
    warning: Listed
    trouble: Listed
    cannot_send: Listed


class Guard(_Shape):
    """What keeps us from diagnosing."""

    other_program: Listed
    other_error: Listed
    network: Listed
    paper: Listed
    owner: Listed
    something_else: Listed
    footer: Listed
    fine: Listed
    soon: Listed
    hypothetical: Listed
    question: Listed
    guess: Listed
    untroubled: Listed
    resolved: Listed
    again: Listed
    earlier: Listed
    other_cause: Listed


class Katakana(_Shape):
    """Words that stay katakana in a message of half-width katakana only."""

    words: tuple[str, ...]


CLASSES: Mapping[str, str] = {
    key.rstrip("_"): group
    for group, shape in (("who", Who), ("part", Part), ("state", State))
    for key in shape.model_fields
}
"""The lists that an entry of another list may name in braces, and their section."""


class Language(_Shape):
    """Common words by which the language of Latin letters is told."""

    english: tuple[str, ...]
    foreign: tuple[str, ...]
    names: tuple[str, ...]


class Tables(_Shape):
    """concepts.toml as people write it."""

    misspelt: tuple[str, ...]
    language: Language
    spelling: dict[str, tuple[str, ...]]
    katakana: Katakana
    who: Who
    part: Part
    state: State
    what: What
    vague: Vague
    guard: Guard
    fact: dict[str, dict[str, Listed]]
    line: dict[str, Line]
    code: dict[str, Code]
