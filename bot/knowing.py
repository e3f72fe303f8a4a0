"""What a conversation knows: its facts, where they come from, and what a new one changes."""

from collections.abc import Mapping

from bot.conversation import Conversation
from bot.troubles import left
from knowledge.book import Book
from knowledge.facts import Known, Source


def known(conversation: Conversation, book: Book) -> dict[str, Known]:
    """Every fact: the row's own `whose` and the company's first, then whatever anybody told, which wins."""
    row = book.errors.get(conversation.row or "")
    usual = {"whose": Known(value=row.whose, source="text")} if row and row.whose else {}
    company = {name: Known(value=value, source="company") for name, value in book.company.facts().items()}
    return {**usual, **company, **conversation.facts}


def value(conversation: Conversation, book: Book, fact: str) -> str | None:
    found = known(conversation, book).get(fact)
    return found.value if found else None


def server_of(conversation: Conversation, book: Book) -> str | None:
    """The server's name as it is compared; None if it is not known."""
    return comparable(value(conversation, book, "server_name") or "") or None


def comparable(server: str) -> str:
    """A server's name as it is compared: small, without the dot at its end."""
    return server.strip().casefold().rstrip(".")


def told(
    conversation: Conversation,
    book: Book,
    facts: Mapping[str, str],
    source: Source,
    fingerprint: str | None = None,
) -> Conversation:
    """The conversation with these facts, so far as the tables know them; a text also tells its class."""
    out = dict(conversation.facts)
    domain = conversation.profile.partition("@")[2] if conversation.profile else None
    for name, text in _with_classes(book, facts, domain).items():
        before = out.get(name)
        if before and before.value == text:
            continue
        out[name] = Known(
            value=text,
            source=source,
            turn=conversation.turn,
            changed=conversation.turn if before else 0,
            fingerprint=fingerprint,
        )
    return conversation.model_copy(update={"facts": out})


def _with_classes(book: Book, facts: Mapping[str, str], domain: str | None) -> dict[str, str]:
    out: dict[str, str] = {}
    for name, text in facts.items():
        if name not in book.facts or not text:
            continue
        values = book.facts[name]
        if values is None:
            out.update(book.classify(name, text, domain))
        elif text not in values:
            continue
        out[name] = text
    return out


def about_the_pc(conversation: Conversation, book: Book) -> dict[str, Known]:
    """The facts that outlive one error: those about the person's PC."""
    return {
        name: fact
        for name, fact in conversation.facts.items()
        if (question := book.questions.get(name)) and question.about == "pc"
    }


def whose(conversation: Conversation, book: Book) -> str | None:
    """Whose certificate the conversation is about: own, server, recipient, sender, or None if not known."""
    answered = value(conversation, book, "whose")
    if answered and answered in book.questions["whose"].option:
        return answered
    return book.errors[conversation.row].whose if conversation.row else None


# How many earlier troubles a conversation keeps.
EARLIER_KEPT = 20


def fresh(conversation: Conversation, book: Book) -> Conversation:
    """The same conversation for another trouble: empty but for what is known of the PC."""
    return conversation.model_copy(
        update={
            "round": conversation.round + (1 if conversation.passed_on else 0),
            "phase": "listening",
            "row": None,
            "candidates": (),
            "question": None,
            "remedy": None,
            "facts": about_the_pc(conversation, book),
            "attempts": (),
            "asked": (),
            "advised": False,
            "explained": (),
            "words": (),
            "report": None,
            "file_name": None,
            "not_understood": 0,
            "quoted": "",
            "questions": 0,
            "handed": None,
            "incident": None,
            "ended": None,
            "recognised_by": None,
            "shown": (),
            "turns_before": max(conversation.turn - 1, 0),
            "cure_asked": False,
            "file_rating": None,
            "urgent": False,
            "sending_now": False,
            "stopped": False,
            "trouble": conversation.trouble + 1,
            "passed_on": False,
            "began": conversation.touched,
            "earlier": (*conversation.earlier, *left(conversation))[-EARLIER_KEPT:],
        }
    )
