"""The app's Home tab in Block Kit. Pure: what is shown goes in, the view comes out.

Sources: https://docs.slack.dev/reference/views/home-tab-views, …/methods/views.publish
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import limits
from bot.button_ids import button_id
from bot.home_facts import (
    HANDED_OVER,
    INCIDENTS,
    OWN_CLOSED,
    OWN_OPEN,
    ROWS,
    WATCHED,
    Case,
    HandedOver,
    OfTheDesk,
    OpenIncident,
    Shown,
)
from bot.limits import BeyondLimits, Block
from bot.notice_home import NoticesAtHome
from bot.replies import quote
from bot.talk import WEEKDAYS, local
from bot.watch_words import Saying, Whom
from bot.watching import Watch
from knowledge.book import Book
from knowledge.rows import Language

# The id of [相談を始める]. The language's button is the same as everywhere: `language:en`.
BEGIN = button_id("home", "new")

BLOCKS = 100
BYTES = 250_000

# Characters of a company's own texts that are shown, each up to two of Slack's.
_TITLE = 120
_LABEL = 70
_PARAGRAPH = 1500
_USER = re.compile("[UW][A-Z0-9]{1,30}")


@dataclass(frozen=True)
class Reader:
    """Who looks, and when; `days` is how long conversations are kept."""

    language: Language
    time_zone: str
    days: int
    at: datetime


def home_view(shown: Shown, reader: Reader, book: Book) -> Block:
    """The Home tab, within Slack's limits: lists and texts are cut. Raises BeyondLimits."""
    blocks = [_numbered(number, block) for number, block in enumerate(_View(reader, book).of(shown))]
    drawn: Block = {"type": "home", "blocks": blocks}
    if found := problems(drawn):
        raise BeyondLimits("; ".join(found))
    return drawn


def problems(view: Block) -> list[str]:
    """Everything that Slack would refuse in this Home tab; empty if it takes it."""
    blocks = view["blocks"]
    found = [problem for block in blocks for problem in limits.block_problems([block])]
    if len(blocks) > BLOCKS:
        found.append(f"view: {len(blocks)} blocks, at most {BLOCKS}")
    if len({block["block_id"] for block in blocks}) < len(blocks):
        found.append("view: an id twice")
    if (size := len(json.dumps(view))) > BYTES:
        found.append(f"view: {size} bytes, at most {BYTES}")
    return found


def _numbered(number: int, block: Block) -> Block:
    return block | {"block_id": f"home-{number}"}


@dataclass(frozen=True)
class _View:
    """Draws for one reader."""

    reader: Reader
    book: Book

    def of(self, shown: Shown) -> Iterator[Block]:
        language = self.reader.language
        other: Language = "en" if language == "ja" else "ja"
        yield self._header("home_title")
        if shown.pause:
            yield _paragraph(_text(shown.pause.said(self.book, language, "paused_here"), bold=True))
        yield self._told("home_intro")
        yield {
            "type": "actions",
            "elements": [
                _button(BEGIN, self._say("button_begin")) | {"style": "primary"},
                _button(button_id("language", other), self.book.say("button_this_language", other)),
            ],
        }
        yield from self._notices(shown)
        if shown.desk:
            yield from self._desk(shown.desk)
        if shown.open or not shown.desk:
            yield self._header("home_open")
            if not shown.open:
                yield _small(self._say("home_open_none"))
            yield from (self._case(case) for case in shown.open[:OWN_OPEN])
            yield from self._more(shown.open_count - OWN_OPEN)
        if shown.closed:
            yield self._header("home_closed")
            yield from (self._case(case) for case in shown.closed[:OWN_CLOSED])
        if shown.watches:
            yield from self._watches(shown.watches)
        yield self._header("home_data")
        yield self._told("home_privacy", days=str(self.reader.days))
        yield self._told("home_contact")
        yield _small(self._say("home_as_of", at=self._moment(self.reader.at)))

    def _notices(self, shown: Shown) -> Iterator[Block]:
        reader = self.reader
        drawing = NoticesAtHome(self.book, reader.language, reader.time_zone, reader.at)
        if shown.desk or shown.notices or shown.told:
            yield self._header("home_notices" if shown.desk else "home_notices_for_you")
        if shown.told:
            yield from drawing.told(shown.told)
        if shown.desk:
            yield from drawing.for_the_desk(shown.notices)
        else:
            yield from drawing.for_employee(shown.notices)

    def _case(self, case: Case) -> Block:
        state = self._say("home_phase_unknown" if case.is_unknown else f"home_phase_{case.phase}")
        touched = self._say("home_touched", at=self._moment(case.touched))
        return _paragraph(
            _text(f"{case.case}  {self._title(case.row)}", bold=True),
            _text(f"\n{state}\n{touched}"),
            *self._link(case.link, "home_thread"),
        )

    def _desk(self, desk: OfTheDesk) -> Iterator[Block]:
        if desk.incidents:
            yield self._header("home_incidents")
            yield from (self._incident(incident) for incident in desk.incidents[:INCIDENTS])
            yield from self._more(len(desk.incidents) - INCIDENTS)
        yield self._header("home_waiting", count=str(desk.count))
        if not desk.waiting:
            yield _small(self._say("home_waiting_none"))
        yield from (self._handed_over(case) for case in desk.waiting[:HANDED_OVER])
        yield from self._more(desk.count - HANDED_OVER)
        week = desk.week
        yield self._header("home_week", days=str(week.days))
        if week.cases or week.unmatched:
            figures = {
                "home_cases": week.cases,
                "home_alone": week.alone,
                "home_handed_over": week.handed_over,
                "home_unmatched": week.unmatched,
            }
            yield {"type": "section", "fields": [self._figure(name, n) for name, n in figures.items()]}
        else:
            yield _small(self._say("home_week_none"))
        if week.rows:
            rows = [_section(_text(self._counted(row, n))) for row, n in week.rows[:ROWS]]
            yield {
                "type": "rich_text",
                "elements": [{"type": "rich_text_list", "style": "bullet", "elements": rows}],
            }
            yield from self._more(sum(count for _, count in week.rows[ROWS:]))

    def _incident(self, incident: OpenIncident) -> Block:
        people = self._say("home_incident_people", count=str(incident.people))
        server = f" · {quote(incident.server, 80)}" if incident.server else ""
        since = self._say("home_since", at=self._moment(incident.since))
        return _paragraph(
            _text(f"{incident.name}  {self._title(incident.row)}", bold=True),
            _text(f"\n{people}{server} · {since}"),
            *self._link(incident.link, "home_card"),
        )

    def _handed_over(self, case: HandedOver) -> Block:
        mark = self._say("home_urgent") + "  " if case.urgent else ""
        who = (
            {"type": "user", "user_id": case.person}
            if _USER.fullmatch(case.person)
            else _text(quote(case.name, 80) or "–")
        )
        since = self._say("home_since", at=self._moment(case.since))
        if name := quote(case.taken_by, 80):
            has_it = self._say("home_taken_by", who=name)
        elif case.free_since:
            has_it = self._say("home_untaken_again", at=self._moment(case.free_since))
        else:
            has_it = self._say("home_untaken")
        return _paragraph(
            _text(f"{mark}{case.case}  {self._title(case.row)}", bold=True),
            _text("\n"),
            who,
            _text(f" · {since} · {has_it}"),
            *self._link(case.link, "home_card"),
        )

    def _watches(self, watches: Sequence[Watch]) -> Iterator[Block]:
        yield self._header("watch_home")
        saying = Saying(self.book, Whom(self.reader.language, self.reader.time_zone, self.reader.at))
        for watch in watches[:WATCHED]:
            switch = saying.switch(watch)
            yield _paragraph(_text(saying.line(watch)))
            yield {"type": "actions", "elements": [_button(switch.id, switch.label)]}
        yield from self._more(len(watches) - WATCHED)

    def _link(self, address: str | None, label: str) -> Sequence[Block]:
        if address is None:
            return ()
        return _text(" · "), {"type": "link", "url": address, "text": self._say(label)}

    def _figure(self, name: str, count: int) -> Block:
        label = _plain(self._say(name)).replace("&", "&amp;").replace(">", "&gt;")
        return {"type": "mrkdwn", "text": f"{label}: *{count}*", "verbatim": True}

    def _counted(self, row: str | None, count: int) -> str:
        counted = {"title": self._title(row), "count": str(count)}
        return _short(self.book.say("home_row", self.reader.language, **counted), _TITLE + _LABEL)

    def _more(self, count: int) -> Iterator[Block]:
        if count > 0:
            yield _small(self._say("home_more", count=str(count)))

    def _title(self, row: str | None) -> str:
        error = self.book.errors.get(row or "")
        title = error.title[self.reader.language] if error else self._say("home_no_row")
        return _short(title, _TITLE)

    def _header(self, name: str, **values: str) -> Block:
        text = _plain(self._say(name, **values))
        return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": False}}

    def _told(self, name: str, **values: str) -> Block:
        return _paragraph(_text(_short(self.book.say(name, self.reader.language, **values), _PARAGRAPH)))

    def _say(self, name: str, **values: str) -> str:
        return _short(self.book.say(name, self.reader.language, **values), _LABEL)

    def _moment(self, at: datetime) -> str:
        """今日 9:05, 昨日 9:05, 11月20日（金）9:05 / today 09:05, yesterday 09:05, Fri 20 Nov, 09:05."""
        here, now = (local(moment, self.reader.time_zone) for moment in (at, self.reader.at))
        japanese = self.reader.language == "ja"
        time = f"{here.hour}:{here:%M}" if japanese else f"{here:%H:%M}"
        if here.date() == now.date():
            return self._say("home_today", at=time)
        if here.date() == now.date() - timedelta(days=1):
            return self._say("home_yesterday", at=time)
        if japanese:
            return f"{here.month}月{here.day}日（{WEEKDAYS[here.weekday()]}）{time}"
        return f"{here:%a} {here.day} {here:%b}, {time}"


def _plain(text: str) -> str:
    """The text where Slack looks for no mark-up."""
    return text.replace("<", "＜")


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _text(text: str, *, bold: bool = False) -> Block:
    return {"type": "text", "text": _plain(text)} | ({"style": {"bold": True}} if bold else {})


def _section(*leaves: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(leaves)}


def _paragraph(*leaves: Block) -> Block:
    return {"type": "rich_text", "elements": [_section(*leaves)]}


def _small(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "plain_text", "text": _plain(text), "emoji": False}]}


def _button(id_: str, label: str) -> Block:
    text = _short(_plain(label), limits.BUTTON_LABEL // 2)
    return {"type": "button", "action_id": id_, "text": {"type": "plain_text", "text": text, "emoji": False}}
