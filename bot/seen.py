"""What the pictures of a message tell: the window's own text, heard like one that was pasted.

Pure. A misread word costs little, a name much: an address that looks like the profile's is that one.
"""

import re
from collections.abc import Sequence

from bot.conversation import Conversation
from bot.events import FilesInspected, PictureNotRead, PictureRead
from bot.knowing import fresh, told
from bot.proceed import Turn, begin_row, choose, handed_buttons, not_mine, open_question, proceed
from bot.replies import AddToCase, Message, NoteUnmatched, Part, Small, Text, quote
from bot.talk import candidates, phrase, say, way_out
from checks.names import address_key
from knowledge.book import Book
from knowledge.recognise import Recognition
from knowledge.redact import redacted
from knowledge.rows import OUTLOOKS

Pictures = Sequence[PictureRead | PictureNotRead]

MOST_LINES, LONGEST_LINE, SHORTEST_LINE = 2, 60, 8
"""Of the text that was read, so much is shown; what is shorter is a button or a title."""

_ANOTHER = ("other_program", "other_outlook", "paper")
"""What a text is known to be about, and no certificate error of Outlook's."""

_LONGEST_FORWARDED = 1_000
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "8": "b", "6": "b", "2": "z"})
"""Letters and digits that a reader takes for each other; any other difference is another address."""


def looked_at(
    conversation: Conversation, book: Book, pictures: Pictures
) -> tuple[Conversation, Recognition, tuple[Part, ...]]:
    """The conversation with the facts that the pictures tell, the error they show, and what is said of it."""
    lines = _lines(pictures)
    recognition = book.recognise("\n".join(lines))
    facts = {**_by_buttons(lines, book), **recognition.facts}
    if address := facts.get("address"):
        facts["address"] = _as_known(address, conversation.profile)
    return (
        told(conversation, book, facts, "picture"),
        recognition,
        _shown(conversation, book, pictures, recognition),
    )


def pictures_seen(conversation: Conversation, event: FilesInspected, pictures: Pictures, book: Book) -> Turn:
    """How the conversation goes on after pictures alone."""
    before = conversation
    conversation, recognition, lead = looked_at(conversation, book, pictures)
    if conversation.phase == "handed_over":
        forwarded = _forwarded(conversation, book, pictures)
        told_so = Text(phrase(conversation, book, "picture_forwarded")) if forwarded else None
        said = say(conversation, *lead, told_so, handed_buttons(conversation, book), slot=event.slot)
        return conversation, (said, *forwarded)
    row = recognition.row if recognition.decision == "row" else None
    beside = conversation.row if conversation.phase == "listening" else None  # the text beside it named one
    if row and row in book.errors and beside and row != beside:
        return _which_of_both(conversation, book, (row, beside), lead, event.slot)
    if row and row in book.errors and row != conversation.row:
        if conversation.row:
            conversation, _, _ = looked_at(fresh(before, book), book, pictures)
        begun = conversation.model_copy(update={"words": recognition.words})
        return begin_row(begun, book, event.at, row, *lead, slot=event.slot)
    if beside:
        return begin_row(conversation, book, event.at, beside, *lead, slot=event.slot)
    if (
        conversation.row
        and conversation.facts != before.facts
        and conversation.phase in ("asking", "advising")
    ):
        return proceed(conversation, book, event.at, *lead, slot=event.slot)
    if conversation.row:
        return open_question(conversation, book, event.at, *lead, slot=event.slot)
    if recognition.decision == "ask":
        return choose(conversation, book, recognition, *lead, slot=event.slot)
    if recognition.about in _ANOTHER:
        return not_mine(conversation, book, recognition, *lead, slot=event.slot)
    return _which_line(conversation, book, pictures, lead, event.slot)


def _which_of_both(
    conversation: Conversation, book: Book, rows: tuple[str, str], lead: tuple[Part, ...], slot: str
) -> Turn:
    """The text and the picture name two errors: neither is passed over, and whose it is goes with the one."""
    facts = {name: fact for name, fact in conversation.facts.items() if name != "whose"}
    open_now = {"row": None, "phase": "choosing", "candidates": rows, "facts": facts}
    choosing = conversation.model_copy(update=open_now)
    text = Text(phrase(choosing, book, "which_error"))
    return choosing, (
        say(
            choosing, *lead, text, *candidates(choosing, book), way_out(choosing, book, first=True), slot=slot
        ),
    )


def _which_line(
    conversation: Conversation, book: Book, pictures: Pictures, lead: tuple[Part, ...], slot: str
) -> Turn:
    """Nothing that is known was read: the usual lines as buttons, those of a server where its window is."""
    server = conversation.facts.get("whose")
    is_server = server is not None and server.value == "server"
    fitting = [id_ for id_, row in book.errors.items() if not is_server or row.whose in ("server", None)]
    rows = conversation.candidates or tuple(fitting[:4])
    choosing = conversation.model_copy(update={"phase": "choosing", "candidates": rows, "question": None})
    text = Text(phrase(choosing, book, "picture_which"))
    said = say(
        choosing, *lead, text, *candidates(choosing, book), way_out(choosing, book, first=True), slot=slot
    )
    lines = _lines(pictures)
    note = NoteUnmatched(redacted("\n".join(lines)), "none", choosing.language)
    return choosing, (said, note) if lines else (said,)


def _lines(pictures: Pictures) -> list[str]:
    return [line for picture in pictures if isinstance(picture, PictureRead) for line in picture.lines]


def _shown(
    conversation: Conversation, book: Book, pictures: Pictures, recognition: Recognition
) -> tuple[Part, ...]:
    """The lines that count, so that a misreading is seen; a sentence for each picture that was not read."""
    parts: list[Part] = []
    words = [_compact(word) for word in recognition.words]
    counting = [line for line in _lines(pictures) if any(word in _compact(line) for word in words)]
    if lines := counting or [line for line in _lines(pictures) if len(line) >= SHORTEST_LINE]:
        before, after = "「」" if conversation.language == "ja" else "“”"
        quoted = [f"{before}{quote(line, LONGEST_LINE)}{after}" for line in lines[:MOST_LINES]]
        parts.append(Text("\n".join([phrase(conversation, book, "picture_read"), *quoted])))
    elif _lines(pictures):
        parts.append(Text(phrase(conversation, book, "picture_nothing")))
    for picture in pictures:
        if isinstance(picture, PictureNotRead):
            why = phrase(conversation, book, f"picture_{picture.reason}")
            parts.append(Text(f"{quote(picture.name, 60)}: {why}" if len(pictures) > 1 else why))
    if _lines(pictures):
        parts.append(Small(phrase(conversation, book, "picture_not_kept")))
    return tuple(parts)


def _compact(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


def _by_buttons(lines: Sequence[str], book: Book) -> dict[str, str]:
    """Whose certificate a window is about, by its buttons: only the warning about a server asks yes or no."""

    def has(label: str) -> bool:
        shown = (book.labels[label].on(outlook) for outlook in OUTLOOKS)
        forms = {_compact(text) for words in shown if words for text in (words.ja, words.en)}
        found = (_compact(line) for line in lines)
        return any(line.startswith(form) and len(line) <= len(form) + 4 for line in found for form in forms)

    if has("send_unencrypted"):
        return {"whose": "recipient"}
    return {"whose": "server"} if has("yes_button") and has("no_button") else {}


def _as_known(address: str, profile: str | None) -> str:
    """The profile's address, where the one that was read differs only in letters that look alike."""
    return profile if profile and looks_like(address, profile) else address


def looks_like(read: str, known: str) -> bool:
    """Whether an address that was read in a picture may be this one: letters that look alike do not count."""
    return _folded(read) == _folded(known)


def _folded(address: str) -> str:
    alike = address_key(address).translate(_ALIKE)
    return alike.replace("rn", "m").replace("vv", "w").replace("cl", "d")


def _forwarded(conversation: Conversation, book: Book, pictures: Pictures) -> tuple[AddToCase, ...]:
    """What was read, into the case's thread: a picture in a talk with the bot is nothing that others see."""
    lines = _lines(pictures)
    if not book.company.desk or not lines:
        return ()
    language = book.company.language
    words = quote(" / ".join(lines), _LONGEST_FORWARDED)
    line = book.say("card_picture", language, case=conversation.case, words=words)
    return (AddToCase(Message((Text(line),), language), conversation.case),)
