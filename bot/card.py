"""What a person at the helpdesk is given: the finding and the next action first, then everything known."""

from datetime import datetime

from bot.conversation import Conversation
from bot.cure import cure_or_unknown
from bot.evidence import cause, wording
from bot.knowing import known, whose
from bot.notice import noticed_parts
from bot.replies import Buttons, Heading, Message, OpenCase, Part, Person, Small, Table, Text, quote
from bot.talk import joined, local, phrase, press, quoted_words, step_values
from knowledge.book import Book
from knowledge.decide import Advise, decide
from knowledge.facts import Attempt
from knowledge.rows import UNKNOWN

# Facts that say nothing to people by themselves: the card shows what they led to.
_SILENT = ("urgent", "usable")

NOT_DONE_SHOWN = 2


def card(conversation: Conversation, book: Book, actions: tuple[str, ...], at: datetime) -> OpenCase:
    """The case for the helpdesk's channel, in the helpdesk's language.

    `actions` are the remedies that IT can do, the next one first.
    """
    desk = conversation.model_copy(update={"language": book.company.language})
    title = book.errors[desk.row].title[desk.language] if desk.row else phrase(desk, book, "card_no_row")
    parts: list[Part] = [
        Heading(f"{mark(conversation, book)} {conversation.case}  {title}"),
        Text(_state(desk, book)),
        Text(phrase(desk, book, "card_finding", detail=_finding(desk, book, title))),
        next_or_cure(desk, book, actions),
        Person(phrase(desk, book, "card_person"), conversation.person, _note(conversation, desk, book)),
    ]
    if wishes := details(desk, book):
        parts.append(Text(phrase(desk, book, "separator").join(wishes)))
    if facts := fact_rows(desk, book):
        parts.append(Table(facts))
    lines = (tried_lines(desk, book), _not_done(desk, book, actions), _not_offered(desk, book))
    tried = "\n".join(line for line in lines if line)
    parts.append(Text(phrase(desk, book, "card_tried", detail=tried or phrase(desk, book, "card_nothing"))))
    if conversation.words:
        parts.append(Small(quoted_words(desk, book)))
    parts += noticed_parts(desk, book)
    parts.append(_buttons(desk, book))
    return OpenCase(
        Message(tuple(parts), desk.language), conversation.case, not_delivered(conversation, book)
    )


def mark(trouble: Conversation, book: Book) -> str:
    """How it stands, at a glance: in the helpdesk's language, and in signs that every font has."""
    if trouble.phase == "solved":
        return "✓"
    return book.say("home_urgent", book.company.language) if trouble.urgent else "●"


def _state(desk: Conversation, book: Book) -> str:
    """Who has it, since when; or how it ended."""
    handed, ended = desk.handed, desk.ended

    if ended:
        who = quote(ended.name or (handed.taken_name if handed else ""), 80)
        return phrase(desk, book, f"card_ended_{ended.how}", at=day_and_time(ended.at, book), who=who)
    if handed and handed.taken_by:
        taken_at = day_and_time(handed.taken_at or handed.since, book)
        return phrase(desk, book, "card_taken", who=quote(handed.taken_name, 80), at=taken_at)
    since = day_and_time(handed.since if handed else desk.touched, book)
    if handed and handed.free_since:
        free = day_and_time(handed.free_since, book)
        return phrase(desk, book, "card_untaken_again", at=free, date=since)
    return phrase(desk, book, "card_untaken", at=since)


def day_and_time(at: datetime, book: Book) -> str:
    """The moment as the helpdesk reads it: 11/24 10:00."""
    here = local(at, book.company.time_zone)
    return f"{here.month}/{here.day} {here:%H:%M}"


def _buttons(desk: Conversation, book: Book) -> Buttons:
    """What the helpdesk can do with the case as it is now."""
    text = press(desk, book, "desk_text", "desk", "text")
    if desk.phase == "solved":
        return Buttons((press(desk, book, "desk_reopen", "desk", "reopen"), text))
    is_taken = bool(desk.handed and desk.handed.taken_by)
    change = press(desk, book, "desk_change", "desk", "change")
    take = press(desk, book, "desk_take", "desk", "take", primary=True)
    talk = (
        press(desk, book, "desk_reply", "open", "reply", primary=is_taken),
        press(desk, book, "desk_ask", "open", "ask"),
        press(desk, book, "desk_close", "open", "close"),
    )
    return Buttons((*talk, change, text) if is_taken else (take, *talk, text))


def next_or_cure(desk: Conversation, book: Book, actions: tuple[str, ...]) -> Text:
    """The next action; of what is over, what cured it."""
    if desk.ended:
        return Text(phrase(desk, book, "card_cure", remedy=cure_or_unknown(desk, book)))
    return Text(phrase(desk, book, "card_next", next=next_action(desk, book, actions)))


def details(trouble: Conversation, book: Book) -> list[str]:
    """What the employee added, a line each."""
    handed = trouble.handed
    given = {"until": handed.until, "reach": handed.reach, "computer": handed.computer} if handed else {}
    shown = {name: quote(value, 120) for name, value in given.items() if value}
    return [phrase(trouble, book, f"detail_{name}", value=value) for name, value in shown.items()]


def _not_done(desk: Conversation, book: Book, actions: tuple[str, ...]) -> str:
    """The likeliest remedies that the person could try and has not; none where IT has to act."""
    if desk.row is None or desk.phase == "solved" or (actions and book.who(actions[0]) == "it"):
        return ""
    facts = {name: fact.value for name, fact in known(desk, book).items()}
    outlook = book.outlook(facts)
    touched = {attempt.remedy for attempt in desk.attempts} | {desk.remedy, *actions[:1]}
    likely = (
        case.do
        for case in book.errors[desk.row].case
        if isinstance(decide([case], facts, may_ask=False), Advise)
        and book.who(case.do) == "user"
        and book.stands(case)
        and book.offered(case.do, outlook)
    )
    left = [remedy for remedy in dict.fromkeys(likely) if remedy not in touched]
    outcome = phrase(desk, book, "outcome_not_done")
    return "\n".join(
        phrase(desk, book, "tried", remedy=_title(desk, book, remedy), outcome=outcome)
        for remedy in left[:NOT_DONE_SHOWN]
    )


def _not_offered(desk: Conversation, book: Book) -> str:
    """The remedies that may fit and were passed over, for the company has not switched them on."""
    if desk.row is None or desk.phase == "solved":
        return ""
    facts = known(desk, book)
    error = book.errors[desk.row]
    ladders = (error.case, error.send_now) if desk.urgent else (error.case,)
    outcome = phrase(desk, book, "outcome_not_offered")
    off = [remedy for cases in ladders for remedy in book.passed_over(cases, facts, desk.attempts)]
    return "\n".join(
        phrase(desk, book, "tried", remedy=_title(desk, book, remedy), outcome=outcome)
        for remedy in dict.fromkeys(off)
    )


def not_delivered(conversation: Conversation, book: Book) -> Message:
    """What the person is told if the helpdesk's channel does not take the case."""
    text = phrase(conversation, book, "not_passed_on", case=conversation.case)
    return Message((Text(text),), conversation.language)


def _finding(desk: Conversation, book: Book, title: str) -> str:
    """The one line of diagnosis: what the file or the words showed, and whose certificate it is."""
    issuer = desk.facts.get("issuer_kind")
    if issuer and issuer.value == "inspection":
        return phrase(desk, book, "card_inspection", issuer=step_values(desk, book)["issuer"])
    shown = [
        book.findings[name].name[desk.language]
        for name, fact in desk.facts.items()
        if name in book.findings and fact.value == "yes"
    ]
    if desk.report and (finding := cause(desk.report)):
        words = wording(finding, desk, book, "headline")
    elif shown:
        words = joined(shown, desk.language)
    elif desk.report and desk.report.verdict == "usable":
        words = phrase(desk, book, "verdict_usable")
    else:
        words = title
    owner = whose(desk, book)
    return f"{words} / {phrase(desk, book, f'card_whose_{owner}')}" if owner else words


def next_action(desk: Conversation, book: Book, actions: tuple[str, ...]) -> str:
    """What the helpdesk does first, and what if that does not help."""
    said = []
    last = desk.attempts[-1] if desk.attempts else None
    if last and last.reason in ("greyed_out", "no_permission"):
        title = _title(desk, book, last.remedy)
        said.append(phrase(desk, book, f"card_{last.reason}", remedy=title))
    values = step_values(desk, book)
    for remedy in actions:
        row = book.remedies[remedy]
        if book.who(remedy) == "user" or row.next is None:
            said.append(phrase(desk, book, "card_together", remedy=_title(desk, book, remedy)))
        else:
            said.append(book.step(row.next, "classic", desk.language, values))
    return phrase(desk, book, "card_then").join(said) or phrase(desk, book, "card_ask_person")


def _note(conversation: Conversation, desk: Conversation, book: Book) -> str:
    spoken = book.say(f"language_{conversation.language}", desk.language)
    return "・".join(part for part in (quote(conversation.person_name, 80), spoken) if part)


def fact_rows(conversation: Conversation, book: Book) -> tuple[tuple[str, str], ...]:
    """Every fact with its value in words and who told it."""
    rows = []
    language = conversation.language
    for name, fact in known(conversation, book).items():
        if name in _SILENT or fact.source == "company":
            continue
        if name in book.findings:
            if fact.value != "yes":
                continue
            label, shown = phrase(conversation, book, "card_file"), book.findings[name].name[language]
        else:
            question = book.questions[name]
            label, shown = question.name[language], _value(conversation, book, name, fact.value)
        source = phrase(conversation, book, f"source_{fact.source}")
        rows.append((label, phrase(conversation, book, "value_and_source", value=shown, source=source)))
    return tuple(rows)


def _value(conversation: Conversation, book: Book, name: str, value: str) -> str:
    """A fact's value in words."""
    if value == UNKNOWN:
        return phrase(conversation, book, "button_unknown")
    if name == "whose":  # the option's own words are those of the error window's buttons
        return phrase(conversation, book, f"card_whose_{value}")
    option = book.questions[name].option.get(value)
    return option[conversation.language] if option else quote(value, 120)


def tried_lines(conversation: Conversation, book: Book) -> str:
    """What was tried, each with how it ended: 直らなかった, できなかった（理由）, していない."""
    lines = [
        phrase(
            conversation, book, "tried", remedy=_title(conversation, book, attempt.remedy), outcome=outcome
        )
        for attempt in conversation.attempts
        if attempt.remedy in book.remedies and (outcome := _outcome(conversation, book, attempt))
    ]
    open_one = conversation.remedy
    if open_one and all(attempt.remedy != open_one for attempt in conversation.attempts):
        outcome = phrase(conversation, book, "outcome_not_done")
        title = _title(conversation, book, open_one)
        lines.append(phrase(conversation, book, "tried", remedy=title, outcome=outcome))
    return "\n".join(lines)


def _title(conversation: Conversation, book: Book, remedy: str) -> str:
    title = book.remedies[remedy].title
    return book.step(title, "classic", conversation.language, step_values(conversation, book))


def _outcome(conversation: Conversation, book: Book, attempt: Attempt) -> str:
    own = book.remedies[attempt.remedy].outcome.get(attempt.outcome)
    if own:
        return own[conversation.language]
    if attempt.outcome == "could_not" and attempt.reason:
        reason = phrase(conversation, book, f"button_{attempt.reason}")
        return phrase(conversation, book, "outcome_could_not_because", reason=reason)
    return phrase(conversation, book, f"outcome_{attempt.outcome}")
