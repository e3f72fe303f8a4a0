"""How a conversation opens that was begun elsewhere than in the talk it is led in. PURE.

Its first message stands alone there: it begins with what it is about and who passed it on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.accepted import Elsewhere, Submitted
from bot.conversation import Conversation
from bot.exposed import secret
from bot.knowing import told
from bot.replies import Message, Part, Person, Reply, Say, Small, Text, quote
from bot.talk import joined
from knowledge.book import Book
from knowledge.rows import Language

QUOTED = 200
"""Characters of what was written elsewhere."""


class Lead(BaseModel):
    """What the first message begins with. `how` it came: by the dialog, because a colleague passed it on
    (`by`), because the person showed a message themselves, or because people of other companies read it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    how: Literal["dialog", "passed_on", "shown", "shared"]
    by: str = ""
    channel: str = ""
    """Its name; empty for a talk between people."""
    text: str = ""
    names: tuple[str, ...] = ()
    """Of its files."""
    server: str = ""
    address: str = ""


def of_dialog(sent: Submitted) -> Lead:
    """What was entered in the dialog."""
    return Lead(how="dialog", text=_quoted(sent.text), server=sent.server, address=sent.address)


def of_message(shown: Elsewhere, answered: str) -> Lead:
    """The message that was shown, for the person who is answered (a Slack user id)."""
    how: Literal["passed_on", "shown", "shared"] = "shared" if shown.how == "shared" else "shown"
    return Lead(
        how="passed_on" if answered != shown.person else how,
        by=shown.person,
        channel=shown.channel_name,
        text=_quoted(shown.text),
        names=tuple(file.name for file in shown.files),
    )


def _quoted(text: str) -> str:
    """As much of it as is quoted; nothing, where nobody else may read it."""
    return "" if secret(text) else text[: QUOTED + 1]


def parts(lead: Lead, book: Book, language: Language) -> tuple[Part, ...]:
    """The lead in words."""
    said: list[Part] = []
    where = {"value": quote(lead.channel, 80)} if lead.channel else {}
    match lead.how:
        case "passed_on":
            seen = "lead_seen_in" if where else "lead_seen"
            told_by = book.say("lead_told_by", language)
            said.append(Person(told_by, lead.by, book.say(seen, language, **where)))
        case "shown":
            shown = "lead_shown_in" if where else "lead_shown"
            said.append(Text(book.say(shown, language, **where)))
        case "shared":
            said.append(Text(book.say("lead_shared", language)))
        case "dialog":
            pass
    entered = {"server": lead.server, "address": lead.address}
    lines = [quote(lead.text, QUOTED)] if lead.text.strip() else []
    lines += [joined((quote(name, 60) for name in lead.names), language)] if lead.names else []
    lines += [
        book.say(f"lead_{name}", language, value=quote(value, 100))
        for name, value in entered.items()
        if value
    ]
    return (*said, *(Small(f"▸ {line}") for line in lines))


def headed(replies: Iterable[Reply], lead: Lead, book: Book) -> tuple[Reply, ...]:
    """The replies, the first message headed by the lead."""
    replies = tuple(replies)
    first = replies[0] if replies else None
    if not isinstance(first, Say):
        return replies
    rest = replies[1:]
    language = first.message.language
    message = Message((*parts(lead, book, language), *first.message.parts), language)
    return (replace(first, message=message), *rest)


def with_facts(conversation: Conversation, book: Book, facts: Mapping[str, str]) -> Conversation:
    """The conversation with what was entered, as the person's own word."""
    return told(conversation, book, facts, "answer") if facts else conversation
