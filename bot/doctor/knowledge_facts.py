"""Reads the helpdesk's tables and the lists of roots, as a start of the bot would."""

from collections.abc import Iterable
from hashlib import sha256

from bot.doctor.facts import Knowledge, Root, Trusted
from bot.local import EXAMPLE_COMPANY
from bot.running import company_book
from bot.running import trusted as whom_we_trust
from bot.settings import Settings
from checks.structure import Parsed
from checks.trust import BadTrust
from knowledge.load import BadTables
from knowledge.savings import missing, savings


def knowledge(settings: Settings) -> Knowledge:
    """The tables, or their faults; what each entry that is missing would save."""
    is_example = settings.knowledge_dir is None and not settings.has_slack
    try:
        book = company_book(settings, EXAMPLE_COMPANY if is_example else None)
    except BadTables as bad:
        return Knowledge(None, bad.faults, is_example)
    saved = {entry: tuple(savings(book, entry)) for entry in missing(book.company)}
    return Knowledge(book, (), is_example, saved)


def trusted(settings: Settings) -> Trusted:
    """The lists of roots, or what is wrong with them."""
    try:
        trust = whom_we_trust(settings)
    except BadTrust as bad:
        return Trusted(str(bad), is_named=settings.trust_programme is not None)
    return Trusted(
        programme=trust.programme,
        is_named=settings.trust_programme is not None,
        roots=_listed(root.certificate for root in trust.roots if root.source == "company"),
        issuers=_listed(trust.issuers),
    )


def _listed(certificates: Iterable[Parsed]) -> tuple[Root, ...]:
    return tuple(Root(sha256(one.encoded).hexdigest(), one.not_after) for one in certificates)
