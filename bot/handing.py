"""A person takes it: what the employee is told and shows, and the card that the helpdesk gets. PURE."""

from datetime import date, datetime, timedelta

from bot.card import card, fact_rows, tried_lines
from bot.conversation import Conversation, Handed, Incident
from bot.desk_words import desk_line
from bot.knowing import known
from bot.replies import AddToCase, Button, Buttons, OpenCase, Part, Remind, Reply, Table, Text
from bot.talk import local, phrase, press, say, step_values
from knowledge.book import Book
from knowledge.decide import Advise
from knowledge.hours import Hours

Turn = tuple[Conversation, tuple[Reply, ...]]


def hand_over(
    conversation: Conversation,
    book: Book,
    at: datetime,
    *lead: Part,
    actions: tuple[str, ...] = (),
    ended: bool = False,
    why: str | Text | None = None,
    tail: tuple[Part, ...] = (),
    slot: str | None = None,
) -> Turn:
    """A person takes it, with everything known: the card for them, and what the employee may expect.

    `actions` are the remedies that IT can do; the first is why a person has it, else `ended` (nothing is
    left on the ladder) or `why` (a phrase, or what is said).
    """
    handed = conversation.model_copy(
        update={
            "phase": "handed_over",
            "question": None,
            "candidates": (),
            "passed_on": True,
            "advised": True,
            "handed": _handed(conversation, at),
            "incident": apart(conversation),
            "ended": None,
        }
    )
    parts: list[Part] = list(lead)
    if isinstance(why, Text):
        parts.append(why)
    elif actions and not ended and why is None:
        parts += _why_it(handed, book, actions[0])
    else:
        parts.append(Text(phrase(handed, book, why or ("ladder_ended" if ended else "person_wanted"))))
    parts.append(Text(expectation(handed, book, at)))
    parts += [handed_buttons(handed, book), *what_is_passed_on(handed, book), *tail]
    opened = card(handed, book, actions, at)
    done = handed.model_copy(update={"remedy": None})
    replies: tuple[Reply, ...] = (say(done, *parts, slot=slot),)
    if not book.company.desk:
        return done, replies
    return done, (*replies, opened, unclaimed(done, book, at))


def _handed(conversation: Conversation, at: datetime) -> Handed:
    """The helpdesk has it, again if it had it before; then nobody may have it since now."""
    handed = conversation.handed or Handed(since=at)
    if conversation.handed is None or handed.taken_by or conversation.phase == "handed_over":
        return handed
    return handed.model_copy(update={"free_since": at})


def apart(conversation: Conversation) -> Incident | None:
    """The incident, and that the helpdesk has a card for this person all the same."""
    incident = conversation.incident
    return incident.model_copy(update={"apart": True}) if incident else None


def unclaimed(conversation: Conversation, book: Book, at: datetime) -> Remind:
    """The case is brought up again, if nobody has taken it then."""
    company = book.company
    return Remind("unclaimed", conversation.case, company.working_hours.after(at, company.remind_minutes))


def what_is_passed_on(conversation: Conversation, book: Book) -> tuple[Part, ...]:
    """What the helpdesk is given, for the person to see; in a channel they see it when they ask for it."""
    facts, tried = fact_rows(conversation, book), tried_lines(conversation, book)
    if not conversation.private or not book.company.desk or not (facts or tried):
        return ()
    parts: list[Part] = [Text(phrase(conversation, book, "what_was_passed_on", case=conversation.case))]
    if facts:
        parts.append(Table(facts))
    if tried:
        parts.append(Text(phrase(conversation, book, "card_tried", detail=tried)))
    return tuple(parts)


def _why_it(conversation: Conversation, book: Book, remedy: str) -> list[Part]:
    row = book.remedies[remedy]
    values = step_values(conversation, book)
    title = book.step(row.title, "classic", conversation.language, values)
    parts: list[Part] = [Text(f"*{title}*")]
    if row.note:
        parts.append(Text(book.step(row.note, "classic", conversation.language, values)))
    return parts


def expectation(conversation: Conversation, book: Book, at: datetime) -> str:
    """That it was passed on, under which number, and when to expect an answer."""
    if not book.company.desk:
        return phrase(conversation, book, "passed_on_by_hand", case=conversation.case)
    when = answered_when(conversation, book, at) or phrase(conversation, book, "expected_soon")
    return phrase(conversation, book, "passed_on", case=conversation.case, expected=when)


def answered_when(conversation: Conversation, book: Book, at: datetime) -> str | None:
    """Whether somebody is there now, else when, and whom to call in an emergency; None if the company does
    not say when anybody is."""
    company = book.company
    if not company.hours:
        return None
    expected = Hours.parse(company.hours, company.time_zone, company.holidays).expected(at)
    if expected.open_now:
        return phrase(conversation, book, "expected_open")
    opens = expected.opens
    day = _day(conversation, book, opens.date(), local(at, company.time_zone).date())
    hour = f"{opens.hour}:{opens:%M}" if conversation.language == "ja" else f"{opens:%H:%M}"
    return phrase(conversation, book, "expected_later", date=day, at=hour)


def _day(conversation: Conversation, book: Book, day: date, today: date) -> str:
    """今日, 明日 or the date with its day of the week, as it stands before a time."""
    near = {today: "today", today + timedelta(days=1): "tomorrow"}.get(day)
    if near:
        return phrase(conversation, book, near)
    if conversation.language == "ja":
        return f"{day.month}月{day.day}日（{'月火水木金土日'[day.weekday()]}）"
    return f"on {day:%a} {day.day} {day:%b}"


def handed_buttons(conversation: Conversation, book: Book) -> Buttons:
    """What the employee can do while a person has it; whoever has taken it is told by writing here."""
    is_taken = bool(conversation.handed and conversation.handed.taken_by)
    buttons: list[Button] = []
    if conversation.is_in_incident:
        return _incident_buttons(conversation, book)
    if book.company.desk and conversation.handed:
        buttons.append(details_button(conversation, book))
    if way_to_send(conversation, book):
        buttons.append(press(conversation, book, "send_now", "send_now"))
    if not conversation.private or not book.company.desk:
        buttons.append(press(conversation, book, "passed_on", "explain", "passed_on"))
    if book.company.desk and not conversation.urgent and not is_taken:
        buttons.append(press(conversation, book, "urgent", "person", "urgent"))
    buttons.append(press(conversation, book, "self_solved", "solved"))
    buttons.append(press(conversation, book, "restart", "restart"))
    return Buttons(tuple(buttons))


def details_button(conversation: Conversation, book: Book) -> Button:
    """Opens the dialog of what the employee may add, or change if something is there."""
    handed = conversation.handed
    is_known = bool(handed and (handed.until or handed.reach or handed.computer))
    return press(conversation, book, "change_details" if is_known else "add_details", "open", "details")


def _incident_buttons(conversation: Conversation, book: Book) -> Buttons:
    """What somebody can do who waits with many others."""
    buttons = [
        press(conversation, book, "send_now", "send_now"),
        press(conversation, book, "person", "person"),
        press(conversation, book, "not_mine", "not_mine"),
        press(conversation, book, "self_solved", "solved"),
    ]
    if conversation.incident and not conversation.incident.wants:
        buttons.insert(0, press(conversation, book, "wants_to_know", "wants", primary=True))
    return Buttons(tuple(buttons))


def way_to_send(conversation: Conversation, book: Book) -> str | None:
    """The remedy that gets this one mail out now, if there is one."""
    if conversation.row is None:
        return None
    ladder = book.errors[conversation.row].send_now
    decision = book.decide(ladder, known(conversation, book), (), may_ask=False)
    return decision.remedy if isinstance(decision, Advise) else None


def it_actions(conversation: Conversation, book: Book) -> tuple[str, ...]:
    """What can be done now, the next action first, by the facts alone; what is IT's comes after it."""
    if conversation.row is None:
        return ()
    cases = book.errors[conversation.row].case
    facts = known(conversation, book)
    decision = book.decide(cases, facts, conversation.attempts, may_ask=False)
    own = [decision.remedy] if isinstance(decision, Advise) else []
    later = book.later_for_it(cases, decision, facts, conversation.attempts)
    return (*own, *(remedy for remedy in later if remedy not in own))


def updated_card(conversation: Conversation, book: Book, at: datetime) -> tuple[OpenCase, ...]:
    """The card once more, after something changed; none without a channel for it, or where an incident's
    card stands for it."""
    if conversation.is_in_incident:
        return ()
    return (card(conversation, book, it_actions(conversation, book), at),) if book.company.desk else ()


def told_urgent(conversation: Conversation, book: Book, at: datetime) -> tuple[Part, ...]:
    """That the helpdesk knows, and what the person may expect of it: at night nobody has read it yet."""
    said = [phrase(conversation, book, "now_urgent"), answered_when(conversation, book, at)]
    return tuple(Text(one) for one in said if one)


def became_urgent(conversation: Conversation, book: Book, at: datetime) -> tuple[Reply, ...]:
    """The card once more, and a line in its thread: a changed card alone notifies nobody. While nobody has
    the case nobody follows its thread either, so the whole channel sees the line."""
    if not book.company.desk:
        return ()
    is_taken = bool(conversation.handed and conversation.handed.taken_by)
    urgent = desk_line(book, "card_urgent", case=conversation.case)
    line = AddToCase(urgent, conversation.case, broadcast=not is_taken)
    return (*updated_card(conversation, book, at), line)
