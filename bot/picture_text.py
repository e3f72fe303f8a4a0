"""What the text of a message's pictures says: the errors it names, its facts, and the lines that count.

Pure. Several pictures are one window taken in pieces, unless each of two names an error of its own.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.conversation import Conversation
from bot.looked import PictureNotRead, PictureRead
from bot.picture_names import as_known, looks_like
from bot.replies import Part, Small, Text, quote
from bot.talk import phrase
from knowledge.book import Book
from knowledge.recognise import Candidate, Recognition
from knowledge.rows import OUTLOOKS

Pictures = Sequence[PictureRead | PictureNotRead]

MOST_LINES, LONGEST_LINE, SHORTEST_LINE = 2, 60, 8
"""Of the text that was read, so much is shown; what is shorter is a button or a title."""
LONGEST_OF_SEVERAL = 40
"""Of several pictures one line each, and shorter."""

_MARK = re.compile(r"^(?:[8×✗✘⊗!！&@]\s*(?=[「ぁ-ヿ一-鿿])(?!.月|\d)|[8×✗✘⊗xX&@]\s+(?=\S))")
"""The red sign beside a line, read as a letter or as 8."""


@dataclass(frozen=True)
class Heard:
    """What the pictures of a message tell."""

    recognition: Recognition
    rows: tuple[str, ...]
    """The errors that the windows name: none, one, or several of several windows."""
    facts: Mapping[str, str]
    words: tuple[str, ...]
    """The words that led to the errors; of one window they are the recognition's."""


def heard(conversation: Conversation, book: Book, pictures: Pictures) -> Heard:
    """What all pictures together tell; of several windows nothing but what is so for the PC."""
    each = [
        _one(conversation, book, picture.lines) for picture in pictures if isinstance(picture, PictureRead)
    ]
    rows = tuple(dict.fromkeys(row for one in each for row in one.rows))
    if len(rows) < 2:
        return each[0] if len(each) == 1 else _one(conversation, book, lines(pictures))
    told: dict[str, set[str]] = {}
    for one in each:
        for name, text in one.facts.items():
            told.setdefault(name, set()).add(text)
    recognition = replace(
        each[0].recognition,
        decision="ask",
        row=None,
        candidates=tuple(Candidate(row, 1.0) for row in rows),
        about="certificate",
        words=(),
    )
    facts = {
        name: texts.pop()
        for name, texts in told.items()
        if len(texts) == 1 and name in book.questions and book.questions[name].about == "pc"
    }
    return Heard(recognition, rows, facts, tuple(word for one in each for word in one.words))


def lines(pictures: Pictures) -> list[str]:
    """All lines that were read."""
    return [line for picture in pictures if isinstance(picture, PictureRead) for line in picture.lines]


def read_parts(
    conversation: Conversation, book: Book, pictures: Pictures, words: Sequence[str]
) -> tuple[Part, ...]:
    """The lines that count, so that a misreading is seen; a sentence for each picture that was not read."""
    parts: list[Part] = []
    if counting := _counting(pictures, words):
        before, after = "「」" if conversation.language == "ja" else "“”"
        longest = LONGEST_LINE if len(pictures) == 1 else LONGEST_OF_SEVERAL
        quoted = [f"{before}{quote(_MARK.sub('', line), longest)}{after}" for line in counting]
        parts.append(Text("\n".join([phrase(conversation, book, "picture_read"), *quoted])))
    elif lines(pictures):
        parts.append(Text(phrase(conversation, book, "picture_nothing")))
    for picture in pictures:
        if isinstance(picture, PictureNotRead):
            why = phrase(conversation, book, f"picture_{picture.reason}")
            parts.append(Text(f"{quote(picture.name, 60)}: {why}" if len(pictures) > 1 else why))
    if lines(pictures):
        parts.append(Small(phrase(conversation, book, "picture_not_kept")))
    return tuple(parts)


def _one(conversation: Conversation, book: Book, read: Sequence[str]) -> Heard:
    """One window's text. One that does not call itself Outlook's belongs to the program that the message
    beside it names."""
    recognition = book.recognise("\n".join(read))
    if conversation.other_programs and not recognition.names_outlook:
        another = replace(recognition, decision="none", row=None, candidates=(), about="other_program")
        return Heard(another, (), {}, another.words)
    facts = {**_by_buttons(read, book), **recognition.facts}
    if (address := facts.get("address")) and (own := conversation.profile) and looks_like(address, own):
        facts["address"] = own
    if "server_name" in facts or facts.get("whose") == "server":
        server = as_known(conversation, book, read, facts.get("server_name"))
        facts |= {"server_name": server} if server else {}
    row = recognition.row if recognition.decision == "row" else None
    rows = (row,) if row and row in book.errors else ()
    return Heard(recognition, rows, facts, recognition.words)


def _counting(pictures: Pictures, words: Sequence[str]) -> list[str]:
    """The lines with the words that led to the error, else the first long ones; of several pictures one
    line each."""
    known = [_compact(word) for word in words]
    best = []
    for picture in pictures:
        if isinstance(picture, PictureRead):
            with_words = [line for line in picture.lines if any(word in _compact(line) for word in known)]
            best.append(with_words or [line for line in picture.lines if len(line) >= SHORTEST_LINE])
    if len(best) > 1:
        return [line for one in best for line in one[:1]]
    return best[0][:MOST_LINES] if best else []


def _compact(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


def _by_buttons(read: Sequence[str], book: Book) -> dict[str, str]:
    """Whose certificate a window is about, by its buttons: only the warning about a server asks yes or no."""

    def has(label: str) -> bool:
        shown = (book.labels[label].on(outlook) for outlook in OUTLOOKS)
        forms = {_compact(text) for words in shown if words for text in (words.ja, words.en)}
        found = (_compact(line) for line in read)
        return any(line.startswith(form) and len(line) <= len(form) + 4 for line in found for form in forms)

    if has("send_unencrypted"):
        return {"whose": "recipient"}
    return {"whose": "server"} if has("yes_button") and has("no_button") else {}
