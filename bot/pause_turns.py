"""The helpdesk's channel is told that automatic help is paused, or on again: in one transaction."""

from sqlalchemy import Connection

from bot import pauses
from bot.accepted import Overdue
from bot.incident import moment
from bot.rendering import NO_CONVERSATION, drawn
from bot.replies import Message, Text
from bot.store import Thread
from bot.todo import Undone
from bot.turns import Turns


def came_due(turns: Turns, connection: Connection, event: Overdue) -> list[Undone]:
    """One line, where there is a channel."""
    desk, book = turns.defaults.desk, turns.book
    pause = pauses.pause_of(connection, event.name)
    if desk is None or pause is None:
        return []
    language = book.company.language
    if event.what == pauses.BEGAN:
        reason = pause.reason(book, language)
        text = book.say("desk_pause_began", language, reason=reason)
    else:
        at = moment(pause.since, book.company.time_zone)
        text = book.say("desk_pause_ended", language, at=at)
    body = drawn(Message((Text(text),), language), NO_CONVERSATION)
    return turns.put(connection, event.id, "", "say", body, Thread(desk, None))
