"""Notices in the Home tab: employees see what is up, the helpdesk what is planned, too. PURE."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.blocks import blocks
from bot.button_ids import button_id
from bot.limits import Block
from bot.notice import FORM, LONGEST, Notice, Told, moment, notice_parts
from bot.replies import Button, Buttons, Message, Part, Person, Small, Text, quote, written
from knowledge.book import Book
from knowledge.rows import Language

SHOWN = 4
"""Notices that are shown; what is more is counted."""

_NO_CASE = "none"  # what its buttons carry; Slack refuses an empty value
_TITLE = 120


class NoticesAtHome:
    """Draws for one reader, in their language and time zone."""

    def __init__(self, book: Book, language: Language, time_zone: str, now: datetime) -> None:
        self._book = book
        self._language: Language = language
        self._time_zone = time_zone
        self._now = now

    def for_employee(self, notices: Sequence[Notice]) -> Iterator[Block]:
        """What is up now."""
        for notice in notices[:SHOWN]:
            _, until = notice_parts(notice, self._language, self._time_zone, self._book)
            about = self._about(notice)
            said = Small(self._say("home_notice_about", title=about)) if about else None
            yield from self._drawn(self._text(notice), *([said] if said else []), until)

    def told(self, told: Told) -> list[Block]:
        """Why nothing came of what the reader just did."""
        said = self._say(f"notice_told_{told.why}")
        if told.why in ("ended", "put_up"):
            return self._drawn(Person(said, told.by, "" if told.by else self._say("notice_by_nobody")))
        return self._drawn(Text(f"*{said}*"))

    def for_the_desk(self, notices: Sequence[Notice]) -> Iterator[Block]:
        """[お知らせを出す]; what is up or planned, with who put it up and [終わりにする]."""
        if not notices:
            yield from self._drawn(Small(self._say("home_notices_none")))
        yield from self._drawn(Buttons((Button(f"open:{FORM}", self._say("button_notice")),)))
        for notice in notices[:SHOWN]:
            about = self._about(notice) or self._say("notice_all_rows")
            text = self._text(notice, f"*{about}*\n")
            end = Button(button_id("notice", "end", str(notice.number)), self._say("button_notice_end"))
            yield from self._drawn(text, Person(self._when(notice), notice.by, ""), Buttons((end,)))
        if (more := len(notices) - SHOWN) > 0:
            yield from self._drawn(Small(self._say("home_more", count=str(more))))

    def _text(self, notice: Notice, head: str = "") -> Text:
        return Text(head + written(notice.text(self._language).strip(), LONGEST))

    def _about(self, notice: Notice) -> str:
        """The error and the server; empty where it is about neither."""
        row = self._book.errors.get(notice.row or "")
        named = [row.title[self._language][:_TITLE]] if row else []
        if notice.row and row is None:
            named = [self._say("home_no_row")]
        if notice.server:
            named.append(quote(notice.server, 80))
        return " · ".join(named)

    def _when(self, notice: Notice) -> str:
        until = moment(notice.until, self._time_zone, self._language)
        if notice.starts <= self._now:
            return self._say("home_notice_until", date=until)
        starts = moment(notice.starts, self._time_zone, self._language)
        return self._say("home_notice_planned", at=starts, date=until)

    def _drawn(self, *parts: Part) -> list[Block]:
        return blocks(Message(parts, self._language), conversation=_NO_CASE)

    def _say(self, name: str, **values: str) -> str:
        return self._book.say(name, self._language, **values)
