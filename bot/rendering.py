"""Replies -> what is to be done in Slack: each message drawn, each item with its place."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, assert_never

from bot.blocks import blocks, fallback_text
from bot.conversation import Conversation
from bot.replies import (
    AddToCase,
    CheckFiles,
    Message,
    NoteUnmatched,
    OpenCase,
    PassFile,
    Remind,
    Reply,
    Say,
    Small,
    TellDesk,
    Unsay,
    Whisper,
    quote,
)
from bot.store import Thread
from bot.todo import Item, Kind
from bot.troubles import trouble_of
from knowledge.book import Book

# What buttons of the greeting carry instead of a number; Slack refuses an empty value.
NO_CONVERSATION = "none"


def items(
    replies: Iterable[Reply], conversation: Conversation, event: str, thread: Thread, *, desk: str | None
) -> Iterator[Item]:
    """What the replies ask for, in order; without a `desk` (a channel), nothing of the helpdesk's."""
    number, whose = conversation.number, conversation.person

    def value(case: str | None = None) -> str:
        trouble = trouble_of(conversation, case) if case else None
        return button_value(trouble or conversation)

    def item(kind: Kind, body: dict[str, Any], slot: str | None = None) -> Item:
        return Item(kind, event, number, thread, whose, body, slot)

    for reply in replies:
        match reply:
            case Say():
                yield item("say", drawn(reply.message, value(reply.about)), reply.slot)
            case Whisper():
                kind: Kind = "say" if conversation.private else "whisper"
                yield item(kind, drawn(reply.message, value()))
            case CheckFiles():
                yield item("check", _check(reply), reply.slot)
            case OpenCase():
                if desk:
                    shown: dict[str, Any] = {
                        "case": reply.case,
                        "language": reply.card.language,
                        "otherwise": drawn(reply.otherwise, value()),
                    }
                    if reply.only_if_there:
                        shown |= {"only_if_there": True}
                    yield item("open_case", drawn(reply.card, value(reply.case)) | shown)
            case AddToCase():
                if desk:
                    more: dict[str, Any] = {"case": reply.case, "broadcast": reply.broadcast}
                    message, more = _in_incident(reply.message, reply.case, conversation, more)
                    body = drawn(message, value(reply.case)) | more
                    if reply.lost:
                        lost, _ = _in_incident(reply.lost, reply.case, conversation, {})
                        body |= {"lost": drawn(lost, value(reply.case))}
                    if reply.sent:
                        body |= {"sent": reply.sent}
                    if reply.left:
                        body |= {"left": [[slot, drawn(line, value())] for slot, line in reply.left]}
                    yield Item("add_to_case", event, number, Thread(desk, None), whose, body, reply.slot)
            case PassFile():
                if desk:
                    more = {"id": reply.file.id, "name": reply.file.name, "case": reply.case}
                    more["to_employee"] = reply.to_employee
                    if (number_ := _incident_of(conversation, reply.case)) and not reply.to_employee:
                        more["incident"] = number_
                    if reply.otherwise:
                        more["otherwise"] = drawn(reply.otherwise, value(reply.case))
                    if reply.lost:
                        lost, _ = _in_incident(reply.lost, reply.case, conversation, {})
                        more |= {"line": reply.line, "lost": drawn(lost, value(reply.case))}
                    yield item("pass_file", more, reply.slot)
            case TellDesk():
                if desk:
                    body = drawn(reply.message, value()) | {"instead": ""}
                    yield Item("whisper", event, number, Thread(desk, None), reply.person, body)
            case Unsay():
                yield item("unsay", {"is_file": True} if reply.is_file else {}, reply.slot)
            case NoteUnmatched() | Remind():
                pass  # nothing that Slack hears of
            case _:
                assert_never(reply)


def _incident_of(conversation: Conversation, case: str) -> int | None:
    """The incident in whose thread the case is spoken of, if it has no card of its own."""
    trouble = trouble_of(conversation, case)
    return trouble.incident.number if trouble and trouble.incident and trouble.is_in_incident else None


def _in_incident(
    message: Message, case: str, conversation: Conversation, more: dict[str, Any]
) -> tuple[Message, dict[str, Any]]:
    """The message, and where it goes: in an incident's thread it says whose it is."""
    number = _incident_of(conversation, case)
    if number is None:
        return message, more
    whose = Small(f"{case}  {quote(conversation.person_name, 80)}")
    return Message((whose, *message.parts), message.language), more | {"incident": number}


def button_value(conversation: Conversation) -> str:
    """What every button carries: the conversation and which of its troubles it belongs to."""
    return f"{conversation.number}.{conversation.trouble}"


def echoed(replies: Iterable[Reply], label: str) -> tuple[Reply, ...]:
    """The replies, the first message headed by the button that was pressed: Slack itself shows no trace."""
    given = tuple(replies)
    if not label or not given or not isinstance(first := given[0], Say) or first.slot:
        return given
    pressed = Small(f"▸ {quote(label, 75)}")
    headed = Message((pressed, *first.message.parts), first.message.language)
    return (replace(first, message=headed), *given[1:])


def late(replies: Iterable[Reply], book: Book) -> tuple[Reply, ...]:
    """The replies, the first message headed by an apology for the wait."""
    given = tuple(replies)
    if not given or not isinstance(first := given[0], Say):
        return given
    sorry = Small(book.say("late", first.message.language))
    headed = Message((sorry, *first.message.parts), first.message.language)
    return (replace(first, message=headed), *given[1:])


def drawn(message: Message, conversation: str) -> dict[str, Any]:
    """A message as Slack takes it; `conversation` is every button's value."""
    return {"blocks": blocks(message, conversation=conversation), "text": fallback_text(message)}


def _check(reply: CheckFiles) -> dict[str, Any]:
    return {
        "files": [{"id": file.id, "name": file.name} for file in reply.files],
        "address": reply.address,
        "server": reply.server,
        "purpose": reply.purpose,
    }
