"""What the helpdesk puts up beforehand, such as a renewal tonight: whom it fits, how it is said. PURE."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.conversation import Conversation
from bot.knowing import server_of
from bot.replies import Part, Small, Text, quote, written
from bot.talk import WEEKDAYS, local, phrase
from knowledge.book import Book
from knowledge.rows import Language

LONGEST = 500
"""Characters of a notice that are shown."""

QUOTED = 200
"""Characters of it on the helpdesk's card."""

# What begins the ids of its buttons in the Home tab; the dialog's name, which its button opens.
BUTTON = "notice:"
FORM = "notice"


@dataclass(frozen=True)
class Notice:
    """A notice that is up from `starts` until `until`, or was ended before.

    For conversations about this `row` (all of them if it is None) in which this `server` is known (None: any,
    also where none is). `en` is empty where it was written in Japanese alone. `by` is the Slack user id of
    who put it up, empty once that person was forgotten.
    """

    number: int
    row: str | None
    server: str | None
    ja: str = field(repr=False)
    en: str = field(repr=False)
    starts: datetime
    until: datetime
    by: str = ""

    def language(self, reader: Language) -> Language:
        """The language in which this reader gets it."""
        return "en" if reader == "en" and self.en else "ja"

    def text(self, reader: Language) -> str:
        """What this reader gets, as it was typed."""
        return self.en if self.language(reader) == "en" else self.ja


@dataclass(frozen=True)
class Told:
    """Why nothing came of what somebody did with a notice; `by` is who was first (a Slack user id)."""

    why: Literal["ended", "over", "put_up", "only_the_desk"]
    by: str = ""


def fits(notice: Notice, conversation: Conversation, book: Book, said: str = "") -> bool:
    """Whether the notice is about this conversation; `said` is what the person just wrote."""
    if notice.row and notice.row != conversation.row:
        return False
    if notice.server is None or server_of(conversation, book) == notice.server:
        return True
    return any(_names(text, notice.server) for text in (said, conversation.quoted))


def _names(text: str, server: str) -> bool:
    """Whether the text names this very server: no longer name, and no mail address of it."""
    alone = rf"(?<![\w.@-]){re.escape(server)}(?![\w-]|\.\w)"
    return re.search(alone, text.casefold(), re.ASCII) is not None


def notice_parts(notice: Notice, language: Language, time_zone: str, book: Book) -> tuple[Part, ...]:
    """The notice as it is read by somebody with this language, in this time zone."""
    head = book.say("notice_from", language)
    until = book.say("notice_until", language, date=moment(notice.until, time_zone, language))
    if notice.language(language) != language:
        until += " " + book.say("notice_only_japanese", language)
    return Text(f"{head}\n{written(notice.text(language).strip(), LONGEST)}"), Small(until)


def noticed_parts(desk: Conversation, book: Book) -> tuple[Part, ...]:
    """What stands on a case's card of the notices that its person was shown; `desk` is in the helpdesk's
    language."""
    lines = [
        phrase(
            desk,
            book,
            "card_noticed_one",
            words=quote(one.text.strip(), QUOTED),
            date=moment(one.until, book.company.time_zone, desk.language),
        )
        for one in desk.noticed
        if one.trouble == desk.trouble
        or (one.row in (None, desk.row) and one.server in (None, server_of(desk, book)))
    ]
    return (Text(phrase(desk, book, "card_noticed", detail="\n".join(lines))),) if lines else ()


def moment(at: datetime, time_zone: str, language: Language) -> str:
    """11月25日（水）9:00 / Wed 25 Nov, 09:00, in this zone."""
    here = local(at, time_zone)
    if language == "ja":
        return f"{here.month}月{here.day}日（{WEEKDAYS[here.weekday()]}）{here.hour}:{here:%M}"
    return f"{here:%a} {here.day} {here:%b}, {here:%H:%M}"
