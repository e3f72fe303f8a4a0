"""What is left to do when an event cannot be worked: the person is told, and the helpdesk is called."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection

from bot import store, todo
from bot.accepted import (
    AtHome,
    Click,
    DeskWrote,
    Elsewhere,
    Expiring,
    Filled,
    InHome,
    Kept,
    Message,
    Opened,
    Overdue,
    Stranger,
    Submitted,
)
from bot.placing import thread_of
from bot.store import Thread
from bot.todo import Item
from knowledge.rows import Language

NOT_WORKED: Mapping[Language, str] = {
    "ja": "申し訳ありません。こちらの不具合で、いまの操作を処理できませんでした。",
    "en": "I am sorry. Because of a fault of ours, what you just sent or pressed could not be handled.",
}
DESK_CALLED: Mapping[Language, str] = {
    "ja": "ヘルプデスクに知らせましたので、担当者からの連絡をお待ちください。",
    "en": "The helpdesk has been told; somebody will get in touch with you.",
}
CALL_THE_DESK: Mapping[Language, str] = {
    "ja": "お手数ですが、ヘルプデスクに直接ご連絡ください。",
    "en": "Please get in touch with the helpdesk directly.",
}
FOR_THE_DESK: Mapping[Language, str] = {
    "ja": "<@{person}> さんからの相談を、ボットの不具合で処理できませんでした。"
    "<@{person}> さんに直接ご連絡ください。"
    "原因はボットのログ（an event could not be worked）にあります。",
    "en": "A fault of the bot kept it from handling what <@{person}> sent. "
    "Please get in touch with them directly. "
    "The cause stands in the bot's log (an event could not be worked).",
}


def set_aside(connection: Connection, event: Kept) -> None:
    """What this event cannot get past holds up nothing that comes later."""
    at = datetime.now(UTC)
    store.claim(connection, event.id, at)
    todo.give_up_event(connection, event.id, at, "broken")
    store.set_aside(connection, event.team, event.person)
    if isinstance(event, Elsewhere) and event.author:
        store.set_aside(connection, event.team, event.author)


def own_up(event: Kept, desk: str | None, language: Language, desks: Language) -> list[Item]:
    """What the person and the helpdesk (its channel) are told, each in their language; nothing to who only
    looked, or is of another company."""
    if isinstance(event, Opened | Stranger | AtHome | Overdue | Expiring | InHome):
        return []
    told = NOT_WORKED[language] + "\n" + (DESK_CALLED if desk else CALL_THE_DESK)[language]
    items = [_item(event, _place(event), told)]
    if desk:
        items.append(_item(event, Thread(desk, None), FOR_THE_DESK[desks].format(person=event.person)))
    return items


def _place(event: Message | Click | Submitted | Elsewhere | Filled | DeskWrote) -> Thread:
    """Where the person is told; by their own id Slack puts it into their talk with the bot."""
    if isinstance(event, Message | Click):
        return thread_of(event)
    if isinstance(event, DeskWrote):
        return Thread(event.channel, event.thread_ts)
    return Thread(event.person, None)


def _item(event: Kept, place: Thread, text: str) -> Item:
    return Item("say", event.id, None, place, event.person, {"text": text})
