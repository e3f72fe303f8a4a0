"""Addresses and server names that were read in a picture: which known one it is, and whether anybody
confirmed it.

Pure. A letter that was misread makes another name, so no certificate is held against a name that nobody
knows; that it agrees with one may be said, for letters that look alike.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from bot.conversation import Conversation
from bot.knowing import told
from bot.replies import Buttons, Part, Small, Text, quote
from bot.talk import phrase, press
from checks.names import address_key, domain_key
from knowledge.book import Book

_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "8": "b", "6": "b", "2": "z"})
"""Letters and digits that a reader takes for each other; any other difference is another address."""
_NAME = re.compile(r"[0-9A-Za-z|][0-9A-Za-z|.・·,_ -]*")
_LOST = re.compile(r"[\s.・·,]")
"""Dots are lost, or read as what looks like one; a blank is seen where there is none."""
_MOST_PIECES = 6


def looks_like(read: str, known: str) -> bool:
    """Whether an address that was read in a picture may be this one: letters that look alike do not count."""
    return _folded(address_key(read)) == _folded(address_key(known))


def is_server(read: str, known: str) -> bool:
    """Whether a server's name that was read may be this one: dots and blanks do not count either. A wildcard
    stands for one label."""
    if not known.startswith("*."):
        return _name_folded(read) == _name_folded(known)
    first, _, parent = domain_key(read).partition(".")
    return bool(first and parent) and _name_folded(parent) == _name_folded(known[2:])


def as_known(conversation: Conversation, book: Book, lines: Sequence[str], read: str | None) -> str | None:
    """The server's name in the spelling of the company's file or of the person, where it may be that one;
    else as it was read. It is looked for in the lines, for without its dots it is no name, or half of one."""
    known = _known(conversation, book)
    pieces = {_name_folded(piece) for line in lines for piece in _pieces(line)}
    if read is not None:
        part = _name_folded(read)
        pieces = {piece for piece in pieces if part in piece} | {part}
    found = [name for name in known if _name_folded(name) in pieces]
    return found[0] if len(found) == 1 else read


def unconfirmed(conversation: Conversation, book: Book) -> str | None:
    """The server's name, where it was read in a picture and nobody has said that it is so."""
    fact = conversation.facts.get("server_name")
    if fact is None or fact.source != "picture" or fact.value in book.company.mail_servers:
        return None
    return fact.value


def confirmed(conversation: Conversation, book: Book, server: str) -> Conversation:
    """The conversation with the server's name as the person says it."""
    out = told(conversation, book, {"server_name": server}, "answer")
    facts = {
        name: fact.model_copy(update={"source": "answer"})
        for name, fact in out.facts.items()
        if name in ("server_name", "server_kind") and fact.source == "picture"
    }
    return out.model_copy(update={"facts": {**out.facts, **facts}})


def held_against(conversation: Conversation, book: Book) -> tuple[Conversation, tuple[Part, ...]]:
    """The checked certificate of a server beside a name that was read: that it agrees, or who can tell."""
    name, report = unconfirmed(conversation, book), conversation.report
    certificate = report.certificate if report else None
    if name is None or certificate is None or report is None or report.purpose != "server" or report.server:
        return conversation, ()
    if "server_name_mismatch" in conversation.facts:
        return conversation, ()
    if any(is_server(name, one) for one in certificate.server_names):
        fits = Text(phrase(conversation, book, "read_server_fits", server=quote(name)))
        return told(conversation, book, {"server_name_mismatch": "no"}, "file"), (fits,)
    differs = Text(phrase(conversation, book, "read_server_differs", server=quote(name)))
    return conversation, (differs, Buttons((press(conversation, book, "as_read", "server", "as_read"),)))


def name_shown(conversation: Conversation, book: Book) -> tuple[Part, ...]:
    """The name as it was read, so that the person can correct it."""
    name = unconfirmed(conversation, book)
    return (Small(phrase(conversation, book, "read_server", server=quote(name))),) if name else ()


def _known(conversation: Conversation, book: Book) -> list[str]:
    """The company's servers and the name that the person gave."""
    fact = conversation.facts.get("server_name")
    said = [fact.value] if fact and unconfirmed(conversation, book) is None else []
    return list(dict.fromkeys([*book.company.mail_servers, *said]))


def _pieces(line: str) -> Iterator[str]:
    """What may be a name in a line, over the blanks that a reader sees in one."""
    for match in _NAME.finditer(unicodedata.normalize("NFKC", line)):
        words = match.group().split()
        for first in range(len(words)):
            for last in range(first + 1, min(len(words), first + _MOST_PIECES) + 1):
                yield " ".join(words[first:last])


def _name_folded(name: str) -> str:
    return _folded(_LOST.sub("", domain_key(name)))


def _folded(text: str) -> str:
    return text.translate(_ALIKE).replace("rn", "m").replace("vv", "w").replace("cl", "d")
