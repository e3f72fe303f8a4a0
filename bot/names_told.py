"""The sender's address or the server's name, told after a certificate was checked: it is compared now."""

from datetime import datetime

from bot.conversation import Conversation
from bot.events import SenderChosen
from bot.evidence import names_compared
from bot.handing import Turn, hand_over
from bot.inspected import which_error
from bot.knowing import told
from bot.picture_names import confirmed, unconfirmed
from bot.proceed import begin_row, expired, open_question, proceed, with_past
from bot.replies import Part, Text, quote
from bot.talk import SENDER, phrase, say, way_out
from checks.names import address_key
from knowledge.book import Book


def sender_chosen(conversation: Conversation, event: SenderChosen, book: Book) -> Turn:
    """The sender's address was chosen: the certificate is compared with it."""
    report = conversation.report
    certificate = report.certificate if report and report.purpose != "server" else None
    if certificate is None or conversation.phase in ("solved", "handed_over"):
        return expired(conversation, book, event.at)
    theirs = certificate.addresses[0] if certificate.addresses else None
    address = {"certificate": theirs, "profile": conversation.profile, "other": None}[event.which]
    if address is None:
        asking = conversation.model_copy(update={"phase": "asking", "question": SENDER, "remedy": None})
        return asking, (say(asking, Text(phrase(asking, book, "type_sender")), way_out(asking, book)),)
    return sender_told(conversation, address, event.at, book)


def sender_told(conversation: Conversation, address: str, at: datetime, book: Book) -> Turn:
    """Compare the checked certificate with this address and go on."""
    report = conversation.report
    certificate = report.certificate if report else None
    assert report
    assert certificate
    same = address_key(address) in {address_key(known) for known in certificate.addresses}
    facts = {"address": address, "address_mismatch": "no" if same else "yes"}
    others = [
        f for f in report.findings if f.holds and f.severity == "error" and f.code != "address_mismatch"
    ]
    if not others:
        facts["usable"] = "yes" if same else "no"
    conversation = told(conversation, book, facts, "answer")
    shown = quote(address) if conversation.private else phrase(conversation, book, "default_address")
    name = "sender_fits" if same else "sender_differs"
    lead = (Text(phrase(conversation, book, name, address=shown)),)
    if conversation.row is None:
        if same and not others:
            return which_error(conversation, book, lead, None)
        code = "address_mismatch" if not same else others[0].code
        row = book.findings[code].row
        if row not in book.errors:
            return hand_over(conversation, book, at, *lead)
        assert row
        return proceed(with_past(conversation, row), book, at, *lead, first=True)
    return proceed(conversation, book, at, *lead)


def server_name_confirmed(conversation: Conversation, at: datetime, book: Book) -> Turn:
    """The name in the picture is right: the checked certificate is held against it now."""
    name = unconfirmed(conversation, book)
    if name is None or conversation.phase in ("solved", "handed_over"):
        return expired(conversation, book, at)
    before = conversation
    conversation = names_compared(confirmed(conversation, book, name), book)
    lead = name_compared(before, conversation, book)
    if not lead:
        said = phrase(conversation, book, "noted", value=quote(name))
        return open_question(conversation, book, at, Text(said))
    if conversation.row:
        return proceed(conversation, book, at, *lead)
    if conversation.facts["server_name_mismatch"].value == "yes":
        return begin_row(conversation, book, at, "name_mismatch", *lead)
    return open_question(conversation, book, at, *lead)


def name_compared(before: Conversation, conversation: Conversation, book: Book) -> tuple[Part, ...]:
    """What holding the server's name against the certificate gave, if that was done only now."""
    mismatch, server = (conversation.facts.get(name) for name in ("server_name_mismatch", "server_name"))
    if mismatch is None or server is None or "server_name_mismatch" in before.facts:
        return ()
    fits = "server_fits" if mismatch.value == "no" else "server_differs"
    return (Text(phrase(conversation, book, fits, server=quote(server.value))),)
