"""The one card that stands for all the cases of an incident, and what is said in its thread. PURE."""

from dataclasses import dataclass
from datetime import datetime

from bot.button_ids import button_id
from bot.card import next_or_cure
from bot.conversation import Conversation, Ended
from bot.handing import it_actions
from bot.incident import LONGEST, moment
from bot.replies import Button, Buttons, Heading, Message, Part, Text, quote, written
from bot.talk import phrase
from knowledge.book import Book
from knowledge.facts import Known

MEMBERS_SHOWN = 50


@dataclass(frozen=True)
class Standing:
    """An incident as it is now. `by` is who closed it, a Slack user id."""

    number: int
    row: str
    server: str | None
    began: datetime
    people: int
    update: str = ""
    updated: datetime | None = None
    closed: datetime | None = None
    remedy: str | None = None
    words: str = ""
    tell: str = ""
    by: str = ""

    @property
    def name(self) -> str:
        """The number as people see it."""
        return f"I-{self.number}"


@dataclass(frozen=True)
class Member:
    """One of an incident's cases, and whose it is."""

    case: str
    name: str


def as_trouble(incident: Standing, book: Book) -> Conversation:
    """A trouble about which no more is known than about the incident: what may be done about both."""
    facts = {"whose": "server", "server_name": incident.server}
    over = incident.closed
    ended = Ended(how="incident", at=over, remedy=incident.remedy, words=incident.words) if over else None
    return Conversation(
        number=0,
        person="",
        language=book.company.language,
        began=incident.began,
        touched=incident.began,
        phase="handed_over",
        row=incident.row if incident.row in book.errors else None,
        facts={name: Known(value=told, source="text") for name, told in facts.items() if told},
        ended=ended,
    )


def for_all(trouble: Conversation, book: Book) -> tuple[str, ...]:
    """What IT can do for everybody, the next first; if there is nothing, what each of them can."""
    actions = it_actions(trouble, book)
    return tuple(action for action in actions if book.who(action) == "it") or actions


def incident_card(incident: Standing, book: Book) -> Message:
    """How many, what it is and what to do first; one word to all of them by a button."""
    desk = as_trouble(incident, book)
    zone = book.company.time_zone
    error = book.errors.get(incident.row)
    title = error.title[desk.language] if error else phrase(desk, book, "card_no_row")
    server = quote(incident.server or phrase(desk, book, "incident_server_unknown"), 100)
    mark = "✓" if incident.closed else "◆"
    values = {"count": str(incident.people), "at": moment(incident.began, zone), "server": server}
    whose = phrase(desk, book, "card_whose_server")
    parts: list[Part] = [
        Heading(f"{mark} {incident.name}  {title}"),
        Text(phrase(desk, book, "incident_card_people", **values)),
        Text(phrase(desk, book, "card_finding", detail=f"{title} / {whose}")),
        next_or_cure(desk, book, for_all(desk, book)),
    ]
    if incident.update and incident.updated:
        at = moment(incident.updated, zone)
        parts.append(Text(phrase(desk, book, "incident_card_told", at=at)))
        parts.append(Text(written(incident.update, LONGEST)))
    members = Button(button_id("desk", "members"), phrase(desk, book, "button_incident_members"))
    if incident.closed:
        at = moment(incident.closed, zone)
        parts.append(Text(phrase(desk, book, "incident_card_closed", at=at)))
        return Message((*parts, Buttons((members,))), desk.language)
    update = phrase(desk, book, "button_incident_update")
    close = phrase(desk, book, "button_incident_close")
    buttons = (
        Button(button_id("open", "incident_update"), update, "primary"),
        Button(button_id("open", "incident_close"), close),
        members,
    )
    return Message((*parts, Buttons(buttons)), desk.language)


def incident_line(book: Book, name: str, /, *more: str, **values: str) -> Message:
    """One line in the incident's thread, and what was said with it."""
    language = book.company.language
    said = (Text(written(text, LONGEST)) for text in more if text.strip())
    return Message((Text(book.say(name, language, **values)), *said), language)


def members_list(incident: Standing, members: tuple[Member, ...], count: int, book: Book) -> Message:
    """The incident's cases, the first of them."""
    language = book.company.language
    head = book.say("incident_members_are", language, case=incident.name, count=str(count))
    lines = [f"{one.case}  {quote(one.name, 80)}" for one in members[:MEMBERS_SHOWN]]
    if count > len(lines):
        lines.append(book.say("incident_members_more", language, count=str(count - len(lines))))
    return Message((Text(head), Text("\n".join(lines))), language)
