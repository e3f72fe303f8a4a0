"""What the pictures of a message tell: the window's own text, heard like one that was pasted.

Pure. What is read in them stands in `picture_text`, the names in `picture_names`.
"""

from bot.conversation import Conversation
from bot.desk_files import files_forwarded
from bot.events import FilesInspected
from bot.handing import Turn, handed_buttons
from bot.knowing import fresh, told
from bot.picture_names import held_against, name_shown
from bot.picture_text import Heard, Pictures, heard, lines, read_parts
from bot.proceed import begin_row, choose, not_mine, open_question, proceed
from bot.replies import NoteUnmatched, Part, Text
from bot.talk import candidates, phrase, say, way_out
from knowledge.book import Book
from knowledge.redact import redacted

_ANOTHER = ("other_program", "other_outlook", "paper")
"""What a text is known to be about, and no certificate error of Outlook's."""


def looked_at(
    conversation: Conversation, book: Book, pictures: Pictures
) -> tuple[Conversation, Heard, tuple[Part, ...]]:
    """The conversation with the facts that the pictures tell, their errors, and what is said of it."""
    found = heard(conversation, book, pictures)
    parts = read_parts(conversation, book, pictures, found.words)
    return told(conversation, book, found.facts, "picture"), found, parts


def pictures_seen(
    conversation: Conversation, event: FilesInspected, pictures: Pictures, book: Book, *beside: Part
) -> Turn:
    """How the conversation goes on after pictures, without a certificate; `beside` is said of other files."""
    before = conversation
    conversation, found, lead = looked_at(conversation, book, pictures)
    recognition = found.recognition
    if conversation.phase != "handed_over" and (
        conversation.facts.get("server_name") != before.facts.get("server_name")
    ):
        conversation, compared = held_against(conversation, book)
        lead = (*lead, *(compared or name_shown(conversation, book)))
    lead = (*lead, *beside)
    if conversation.phase == "handed_over":
        forwarded = files_forwarded(conversation, book, event) if book.company.desk else ()
        told_so = Text(phrase(conversation, book, "picture_forwarded")) if forwarded else None
        if conversation.handed and conversation.handed.taken_by and told_so:  # a person has it: no advice
            return conversation, (say(conversation, told_so, slot=event.slot), *forwarded)
        said = say(conversation, *lead, told_so, handed_buttons(conversation, book), slot=event.slot)
        return conversation, (said, *forwarded)
    by_text = conversation.row if conversation.phase == "listening" else None  # named beside the picture
    if by_text and found.rows and by_text not in found.rows:
        return _which_of_them(conversation, book, (*found.rows, by_text), lead, event.slot)
    row = found.rows[0] if len(found.rows) == 1 else None
    if row and row != conversation.row:
        if conversation.row:
            conversation, _, _ = looked_at(fresh(before, book), book, pictures)
        begun = conversation.model_copy(update={"words": recognition.words})
        return begin_row(begun, book, event.at, row, *lead, slot=event.slot)
    if by_text:
        return begin_row(conversation, book, event.at, by_text, *lead, slot=event.slot)
    if (
        conversation.row
        and conversation.facts != before.facts
        and conversation.phase in ("asking", "advising")
    ):
        return proceed(conversation, book, event.at, *lead, slot=event.slot)
    if recognition.about == "switched_off":
        return not_mine(conversation, book, recognition, *lead, slot=event.slot)
    if conversation.row:
        return open_question(conversation, book, event.at, *lead, slot=event.slot)
    if recognition.decision == "ask":
        return choose(conversation, book, recognition, *lead, slot=event.slot)
    if recognition.about in _ANOTHER:
        return not_mine(conversation, book, recognition, *lead, slot=event.slot)
    return _which_line(conversation, book, pictures, lead, event.slot)


def _which_of_them(
    conversation: Conversation, book: Book, rows: tuple[str, ...], lead: tuple[Part, ...], slot: str
) -> Turn:
    """The text and the pictures name several errors: all are offered, and whose it is goes with one."""
    facts = {name: fact for name, fact in conversation.facts.items() if name != "whose"}
    open_now = {"row": None, "phase": "choosing", "candidates": rows[:4], "facts": facts}
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
    read = lines(pictures)
    note = NoteUnmatched(redacted("\n".join(read)), "none", choosing.language)
    return choosing, (said, note) if read else (said,)
