"""Replies -> what is to be done in Slack: each message drawn, each item with its place."""

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from bot.blocks import blocks, fallback_text
from bot.conversation import Conversation
from bot.replies import (
    AddToCase,
    CheckFiles,
    Message,
    NoteUnmatched,
    OpenCase,
    Reply,
    Say,
    Small,
    Whisper,
    quote,
)
from bot.store import Thread
from bot.todo import Item, Kind
from knowledge.book import Book

# What buttons of the greeting carry instead of a number; Slack refuses an empty value.
NO_CONVERSATION = "none"


def items(
    replies: Iterable[Reply], conversation: Conversation, event: str, thread: Thread, *, desk: bool
) -> Iterator[Item]:
    """What the replies ask for, in order; without a desk, nothing of the helpdesk's."""
    number, value = conversation.number, button_value(conversation)

    def item(kind: Kind, body: dict[str, Any], slot: str | None = None) -> Item:
        return Item(kind, event, number, thread, conversation.person, body, slot)

    for reply in replies:
        match reply:
            case Say():
                yield item("say", drawn(reply.message, value), reply.slot)
            case Whisper():
                kind: Kind = "say" if conversation.private else "whisper"
                yield item(kind, drawn(reply.message, value))
            case CheckFiles():
                yield item("check", _check(reply), reply.slot)
            case OpenCase():
                if desk:
                    more = {
                        "case": reply.case,
                        "language": reply.card.language,
                        "otherwise": drawn(reply.otherwise, value),
                    }
                    yield item("open_case", drawn(reply.card, value) | more)
            case AddToCase():
                if desk:
                    yield item("add_to_case", drawn(reply.message, value) | {"case": reply.case})
            case NoteUnmatched():
                pass  # nothing that Slack hears of
            case _:
                assert_never(reply)


def button_value(conversation: Conversation) -> str:
    """What every button carries: the conversation and which of its troubles it belongs to."""
    return f"{conversation.number}.{conversation.trouble}"


def echoed(replies: Iterable[Reply], label: str) -> tuple[Reply, ...]:
    """The replies, the first message headed by the button that was pressed: Slack itself shows no trace."""
    first, *rest = replies
    if not label or not isinstance(first, Say) or first.slot:
        return (first, *rest)
    pressed = Small(f"▸ {quote(label, 75)}")
    return (Say(Message((pressed, *first.message.parts), first.message.language)), *rest)


def late(replies: Iterable[Reply], book: Book) -> tuple[Reply, ...]:
    """The replies, the first message headed by an apology for the wait."""
    first, *rest = replies
    if not isinstance(first, Say):
        return (first, *rest)
    sorry = Small(book.say("late", first.message.language))
    return (Say(Message((sorry, *first.message.parts), first.message.language), first.slot), *rest)


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
