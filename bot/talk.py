"""The parts that messages are made of: a question, an advice, the grounds, in the person's language."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.button_ids import button_id
from bot.conversation import Conversation
from bot.events import REASONS
from bot.knowing import known, value, whose
from bot.replies import Button, Buttons, Heading, Message, NumberedStep, Part, Say, Small, Steps, Text, quote
from knowledge.book import Book
from knowledge.rows import UNKNOWN, Language

WEEKDAYS = "月火水木金土日"

# The question which of two addresses is the sender's goes by the name of the fact that it tells.
SENDER = "address"


def say(conversation: Conversation, *parts: Part | None, slot: str | None = None) -> Say:
    """One message in the conversation's language; parts that are None fall away."""
    return Say(Message(tuple(part for part in parts if part), conversation.language), slot)


def phrase(conversation: Conversation, book: Book, name: str, **values: str) -> str:
    return book.say(name, conversation.language, **values)


def press(conversation: Conversation, book: Book, name: str, *id_: str, primary: bool = False) -> Button:
    """A button with the phrase `button_{name}` on it."""
    return Button(
        button_id(*id_), phrase(conversation, book, f"button_{name}"), "primary" if primary else None
    )


def local(at: datetime, time_zone: str) -> datetime:
    """The moment in a zone; the first and the last that there are (99991231235959Z) stay in theirs."""
    try:
        return at.astimezone(ZoneInfo(time_zone))
    except OverflowError:
        return at


def day(at: datetime, time_zone: str, language: Language) -> str:
    """The day in the person's zone: 2026年11月24日（火） / Tue 24 Nov 2026."""
    here = local(at, time_zone)
    if language == "ja":
        return f"{here.year}年{here.month}月{here.day}日（{WEEKDAYS[here.weekday()]}）"
    return f"{here:%a} {here.day} {here:%b %Y}"


def way_out(
    conversation: Conversation,
    book: Book,
    *,
    person_first: bool = False,
    first: bool = False,
    export: bool = False,
) -> Buttons:
    """[急ぎで送る] [担当者と話す], beside everything until the case is closed; `first` adds what a first
    message has: [くわしく] and the other language, `export` how to get a certificate as a file."""
    buttons = [press(conversation, book, "person", "person", primary=person_first)]
    if conversation.row:
        buttons.insert(1 if person_first else 0, press(conversation, book, "send_now", "send_now"))
    if first and conversation.row:
        buttons.append(press(conversation, book, "details", "explain", "grounds"))
    if export:
        buttons.append(press(conversation, book, "export", "explain", "export"))
    if first:
        buttons.append(other_language(conversation, book))
    return Buttons(tuple(buttons))


def other_language(conversation: Conversation, book: Book) -> Button:
    other: Language = "en" if conversation.language == "ja" else "ja"
    return Button(button_id("language", other), book.say("button_this_language", other))


def heading(conversation: Conversation, book: Book) -> Heading:
    """What is wrong, and whose certificate it is about."""
    assert conversation.row
    title = book.errors[conversation.row].title[conversation.language]
    owner = whose(conversation, book)
    if owner is None:
        return Heading(title)
    return Heading(
        phrase(
            conversation,
            book,
            "title_and_whose",
            title=title,
            whose=phrase(conversation, book, f"whose_{owner}"),
        )
    )


def question(conversation: Conversation, book: Book, fact: str, at: datetime) -> tuple[Part, ...]:
    """The question with its options as buttons, わからない last."""
    row = book.questions[fact]
    assert row.ask
    language = conversation.language
    today = day(at, conversation.time_zone, language)
    text = row.ask[language].replace("{today}", today).replace("*", "")  # it is bold as a whole
    options = [Button(button_id("answer", fact, id_), option[language]) for id_, option in row.option.items()]
    options.append(press(conversation, book, "unknown", "answer", fact, UNKNOWN))
    return Text(f"*{text}*"), Buttons(tuple(options))


def candidates(conversation: Conversation, book: Book, none: str = "none_of_these") -> tuple[Part, ...]:
    """The errors that it may be, as buttons that carry the window's own lines; `none` is on the last one."""
    language = conversation.language
    buttons = [
        Button(button_id("row", row), book.errors[row].line[language]) for row in conversation.candidates
    ]
    buttons.append(press(conversation, book, none, "row", "none"))
    return (Buttons(tuple(buttons)),)


def step_values(conversation: Conversation, book: Book) -> dict[str, str]:
    """The values that steps may name, from the facts and the checked file."""
    language = conversation.language
    values = {
        "server": value(conversation, book, "server_name"),
        "address": value(conversation, book, "address") or conversation.profile,
        "issuer": value(conversation, book, "issuer"),
    }
    shown = {name: quote(text) for name, text in values.items() if text}
    certificate = conversation.report.certificate if conversation.report else None
    if certificate:
        shown["not_after"] = day(certificate.not_after, conversation.time_zone, language)
    defaults = {
        "server": book.say("default_server", language),
        "address": book.say("default_address", language),
        "issuer": book.say("default_issuer", language),
        "not_after": book.say("default_not_after", language),
    }
    return {**defaults, **shown}


def steps(conversation: Conversation, book: Book, remedy: str) -> tuple[Part, ...]:
    """A remedy's title, note and numbered steps."""
    row = book.remedies[remedy]
    language = conversation.language
    outlook = book.outlook({name: fact.value for name, fact in known(conversation, book).items()})
    values = step_values(conversation, book)

    title = f"*{book.step(row.title, outlook, language, values)}*"
    if row.minutes and not row.waits:
        title += phrase(conversation, book, "about_minutes", minutes=str(row.minutes))
    numbered = tuple(
        NumberedStep(
            book.step(step, outlook, language, values),
            book.step(step.warning, outlook, language, values) if step.warning else None,
        )
        for step in row.steps(outlook)
    )
    note = Small(book.step(row.note, outlook, language, values)) if row.note else None
    return tuple(part for part in (Text(title), note, Steps(numbered)) if part)


def advice(
    conversation: Conversation, book: Book, remedy: str, *, person_first: bool = False
) -> tuple[Part, ...]:
    """A remedy with the buttons that say how it ended."""
    row = book.remedies[remedy]
    own = [
        Button(button_id("ended", remedy, id_), outcome[conversation.language])
        for id_, outcome in row.outcome.items()
    ]
    if row.waits:
        buttons = [press(conversation, book, "applied", "applied", remedy, primary=True), *own]
    else:
        buttons = [
            press(conversation, book, "solved", "ended", remedy, "solved", primary=not person_first),
            *own,
            press(conversation, book, "not_solved", "ended", remedy, "not_solved"),
        ]
    buttons.append(press(conversation, book, "could_not", "stopped", remedy))
    parts: list[Part] = [*steps(conversation, book, remedy)]
    if person_first:
        parts.append(Text(phrase(conversation, book, "person_first")))
        return (*parts, way_out(conversation, book, person_first=True), Buttons(tuple(buttons)))
    return (*parts, Buttons(tuple(buttons)), way_out(conversation, book))


def waiting_buttons(conversation: Conversation, book: Book) -> tuple[Part, ...]:
    """What ends the waiting: the certificate came, or the person is back at the PC."""
    row = book.remedies.get(conversation.remedy or "")
    away = any(attempt.reason == "not_at_pc" for attempt in conversation.attempts)
    if row is None or away or not row.outcome:
        return (Buttons((press(conversation, book, "back_at_pc", "resume", primary=True),)),)
    assert conversation.remedy
    own = (
        Button(button_id("ended", conversation.remedy, id_), outcome[conversation.language], "primary")
        for id_, outcome in row.outcome.items()
    )
    return (Buttons(tuple(own)),)


def stop_question(conversation: Conversation, book: Book, remedy: str) -> tuple[Part, ...]:
    """Where did it stop? The reasons why a remedy could not be done."""
    buttons = (press(conversation, book, reason, "stopped", remedy, reason) for reason in REASONS)
    return Text(phrase(conversation, book, "where_did_it_stop")), Buttons(tuple(buttons))


def quoted_words(conversation: Conversation, book: Book, most: int = 2) -> str:
    """The words of the message that led to the error, in quotation marks."""
    kept: list[str] = []
    for word in sorted(conversation.words, key=len, reverse=True):
        if not any(word.casefold() in longer.casefold() for longer in kept):
            kept.append(word)
    before, after = "「」" if conversation.language == "ja" else "“”"
    shown = (f"{before}{quote(word, 40)}{after}" for word in kept[:most])
    return phrase(conversation, book, "because_of", words=" ".join(shown))


def grounds(conversation: Conversation, book: Book) -> Small:
    """Small print: the words that matched, the likely causes."""
    assert conversation.row
    row = book.errors[conversation.row]
    pieces = []
    if conversation.words:
        pieces.append(quoted_words(conversation, book))
    address = conversation.facts.get("address")
    if address and address.source in ("text", "picture"):
        source = phrase(conversation, book, f"source_{address.source}")
        told = phrase(conversation, book, "sender_from_text", address=quote(address.value), source=source)
        pieces.append(told)
    pieces.append(phrase(conversation, book, "likely_causes", detail=row.causes[conversation.language]))
    return Small(phrase(conversation, book, "separator").join(pieces))


def joined(items: Iterable[str], language: Language) -> str:
    return ("、" if language == "ja" else ", ").join(items)


def sender_question(conversation: Conversation, book: Book) -> tuple[Part, ...]:
    """Which address is the mail sent from: the certificate's, the profile's, or another?"""
    certificate = conversation.report.certificate if conversation.report else None
    own = conversation.profile
    if certificate is None or not certificate.addresses or not own or own in certificate.addresses:
        return (Text(phrase(conversation, book, "type_sender")),)
    if conversation.private:
        theirs, mine = quote(certificate.addresses[0], 70), quote(own, 70)
    else:  # others read here too
        theirs = phrase(conversation, book, "the_certificates_address")
        mine = phrase(conversation, book, "the_profiles_address")
    return (
        Text(phrase(conversation, book, "which_sender", address=theirs, profile=mine)),
        Buttons(
            (
                Button(button_id("sender", "certificate"), theirs),
                Button(button_id("sender", "profile"), mine),
                press(conversation, book, "other_sender", "sender", "other"),
            )
        ),
    )
