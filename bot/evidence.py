"""What a checked file tells the conversation: facts, and the parts of the message that shows it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from bot.conversation import Conversation
from bot.knowing import told, value, whose
from bot.looked import Inspected, Looked, NotFetched
from bot.picture_names import unconfirmed
from bot.replies import Heading, Part, Small, Table, Text, quote
from bot.talk import day, joined, local, phrase
from checks.names import address_key, covers
from checks.report import Finding, Purpose, Report
from knowledge.book import Book

# A file's own certificate owner, by what it is for.
OWNER: dict[Purpose, str] = {"email": "own", "server": "server"}


def compared_with(conversation: Conversation, book: Book) -> tuple[str | None, str | None, Purpose | None]:
    """The address, server name and purpose that a file is to be checked against.

    The address is the one that the error quotes or the person said; the Slack profile's alone is no
    ground for a finding (`differs_from_profile`).
    """
    owner = whose(conversation, book)
    if owner == "server":
        return None, _server(conversation, book), "server"
    if owner in ("recipient", "sender"):
        return None, None, "email"
    if owner == "own":
        return value(conversation, book, "address"), None, "email"
    # a server's name may be known of an earlier trouble: it makes nobody's certificate a server's
    return value(conversation, book, "address"), None, None


def _server(conversation: Conversation, book: Book) -> str | None:
    """The server's name, unless it was only read in a picture: a misread letter makes another server."""
    return None if unconfirmed(conversation, book) else value(conversation, book, "server_name")


def has_private_key(files: Iterable[Looked]) -> bool:
    return any(isinstance(f, Inspected) and f.report.holds("private_key_uploaded") for f in files)


def fits(conversation: Conversation, book: Book, report: Report) -> bool:
    """Whether the file is the certificate that the conversation is about: a person's, or a server's."""
    owner, certificate = whose(conversation, book), report.certificate
    if owner is None or certificate is None:
        return True
    if owner == "server":
        return not (report.holds("not_for_server") and certificate.addresses)
    return not (report.holds("not_for_email") and certificate.server_names)


def learned(conversation: Conversation, book: Book, file: Inspected) -> Conversation:
    """The conversation with what this file tells: each finding a fact, and whether it can be used."""
    report = file.report
    fingerprint = report.certificate.fingerprint if report.certificate else None
    facts = {
        finding.code: "yes" if finding.holds else "no"
        for finding in report.findings
        if finding.holds is not None and finding.code in book.findings and finding.severity != "info"
    }
    if report.verdict not in ("usable", "limited"):
        facts["usable"] = "no"
    elif not report.unverified:
        facts["usable"] = "yes"
    if report.certificate and (issuer := report.certificate.issuer_common_name or report.certificate.issuer):
        facts["issuer"] = issuer
    if report.purpose and whose(conversation, book) is None:
        facts["whose"] = OWNER[report.purpose]
    # What another certificate told says nothing of this one.
    left = {name: fact for name, fact in conversation.facts.items() if fact.source != "file"}
    kept = conversation.model_copy(update={"report": report, "file_name": file.name, "facts": left})
    return told(kept, book, facts, "file", fingerprint)


def names_compared(conversation: Conversation, book: Book) -> Conversation:
    """A server's name that is told after its certificate was checked is held against it now."""
    report, server = conversation.report, _server(conversation, book)
    certificate = report.certificate if report else None
    if certificate is None or report is None or report.purpose != "server" or server is None:
        return conversation
    if report.server or "server_name_mismatch" in conversation.facts:
        return conversation
    held = any(covers(name, server) for name in certificate.server_names)
    return told(conversation, book, {"server_name_mismatch": "no" if held else "yes"}, "file")


def differs_from_profile(conversation: Conversation, book: Book) -> bool:
    """Whether only the Slack profile speaks against the certificate: then the person is asked, not told."""
    report = conversation.report
    certificate = report.certificate if report else None
    if report is None or certificate is None or report.purpose == "server" or report.address:
        return False
    if not conversation.profile or not certificate.addresses or whose(conversation, book) == "recipient":
        return False
    mine = address_key(conversation.profile)
    return mine not in {address_key(address) for address in certificate.addresses}


def wording(
    finding: Finding, conversation: Conversation, book: Book, what: Literal["headline", "detail"]
) -> str:
    """A finding in words; its days in the person's zone."""
    language = conversation.language
    shown = {}
    for name, text in finding.detail.items():
        if name in ("not_before", "not_after", "revoked_at") and text:
            shown[name] = day(datetime.fromisoformat(text), conversation.time_zone, language)
        else:
            shown[name] = quote(text)
    return book.finding(finding.code, what, shown, language)


def cause(report: Report) -> Finding | None:
    return next((f for f in report.findings if f.code == report.headline and f.holds), None)


def result(conversation: Conversation, book: Book, file: Inspected) -> tuple[Part, ...]:
    """The verdict, the one cause, and the certificate's facts in a table."""
    report = file.report
    finding = cause(report)
    if finding:
        parts: list[Part] = [
            Heading(wording(finding, conversation, book, "headline")),
            Text(wording(finding, conversation, book, "detail")),
        ]
    else:
        unnamed = report.verdict == "usable" and report.purpose == "server" and report.server is None
        fine = "usable_but_name" if unnamed else report.verdict
        verdict = "unverified" if report.unverified else fine
        parts = [Heading(phrase(conversation, book, f"verdict_{verdict}"))]
    if report.certificate:
        parts.append(_table(conversation, book, report))
        parts.append(Small(_compared(conversation, book, file)))
    return tuple(parts)


def misfit(conversation: Conversation, book: Book, file: Inspected) -> tuple[Part, ...]:
    """A certificate of the other kind: what it is, and which one is needed."""
    kind = "own" if whose(conversation, book) == "server" else "server"
    parts: list[Part] = [Heading(phrase(conversation, book, f"misfit_{kind}"))]
    if file.report.certificate:
        parts.append(_table(conversation, book, file.report))
    return (*parts, Text(phrase(conversation, book, f"misfit_{kind}_needed")))


def _table(conversation: Conversation, book: Book, report: Report) -> Table:
    certificate = report.certificate
    assert certificate
    language = conversation.language
    zone = conversation.time_zone
    names = certificate.server_names if report.purpose == "server" else certificate.addresses
    who = certificate.common_name or ""
    shown_names = joined(names[:3], language) + (f" … (+{len(names) - 3})" if len(names) > 3 else "")
    subject = f"{who}（{shown_names}）" if who and shown_names and who != shown_names else who or shown_names
    issuer = certificate.issuer_common_name or certificate.issuer
    if book.is_inspection(issuer):
        issuer += phrase(conversation, book, "inspection_product")
    elif report.trusted_by:
        issuer += phrase(conversation, book, "trusted")
    start, end = (local(moment, zone) for moment in (certificate.not_before, certificate.not_after))
    rows = [
        (phrase(conversation, book, "row_subject"), subject or "—"),
        (phrase(conversation, book, "row_issuer"), issuer),
        (phrase(conversation, book, "row_validity"), f"{start:%Y/%m/%d} 〜 {end:%Y/%m/%d}"),
    ]
    mail = report.purpose != "server" and not report.holds("not_for_email")
    if mail and report.can_sign is not None and report.can_encrypt is not None:
        use = {(True, True): "both", (True, False): "sign", (False, True): "encrypt", (False, False): "none"}
        can = use[report.can_sign, report.can_encrypt]
        rows.append((phrase(conversation, book, "row_use"), phrase(conversation, book, f"use_{can}")))
    return Table(tuple((name, quote(text)) for name, text in rows))


def _compared(conversation: Conversation, book: Book, file: Inspected) -> str:
    report = file.report
    name = quote(file.name, 60)
    if report.purpose == "server":
        if report.server:
            return phrase(conversation, book, "compared_server", file=name, server=quote(report.server))
        return phrase(conversation, book, "compared_nothing", file=name)
    fact = conversation.facts.get("address")
    if report.address and fact:
        source = phrase(conversation, book, f"source_{fact.source}")
        return phrase(
            conversation, book, "compared_address", file=name, address=quote(report.address), source=source
        )
    if conversation.profile and not differs_from_profile(conversation, book):
        source = phrase(conversation, book, "source_profile")
        address = quote(conversation.profile)
        return phrase(conversation, book, "compared_address", file=name, address=address, source=source)
    return phrase(conversation, book, "compared_nothing", file=name)


def not_used(
    conversation: Conversation, book: Book, files: tuple[Inspected | NotFetched, ...], used: Inspected | None
) -> tuple[Part, ...]:
    """A line for every other file: nothing that was sent is passed over in silence."""
    parts: list[Part] = []
    for file in files:
        if file is used:
            continue
        name = quote(file.name, 60)
        if isinstance(file, NotFetched):
            reason = phrase(conversation, book, f"not_fetched_{file.reason}")
        elif (finding := cause(file.report)) is not None:
            reason = wording(finding, conversation, book, "headline")
            if file.report.verdict == "refused":  # what it is instead, and what to do
                stop = "。" if conversation.language == "ja" else ". "
                reason += stop + wording(finding, conversation, book, "detail")
        else:
            reason = phrase(conversation, book, f"verdict_{file.report.verdict}")
        if certificate := file.report.certificate if isinstance(file, Inspected) else None:
            whose_name = next(iter((*certificate.addresses, *certificate.server_names)), None)
            name += f" ({quote(whose_name or certificate.common_name or certificate.subject, 80)})"
        parts.append(Text(phrase(conversation, book, "other_file", file=name, reason=reason)))
    return tuple(parts)
