"""What is said beside all conversations, to one person alone: to who pressed somebody else's button, or too
old a one; who showed a message; who is of another company. The words are the tables'."""

from typing import Any

from knowledge.book import Book
from knowledge.rows import Language

_PERSON = "\0"


def said(book: Book, name: str, language: Language, person: str = "", **values: str) -> str:
    """The phrase where Slack looks for mark-up: none in it counts but the mention of the `person` (a Slack
    user id)."""
    text = book.say(name, language, person=_PERSON, **values)
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return shown.replace(_PERSON, f"<@{person}>")


def not_sent(book: Book, language: Language) -> dict[str, Any]:
    """Who wrote to an employee does not belong to the helpdesk, or only since just now."""
    return {"text": said(book, "desk_only_members_send", language)}


def key_not_sent(book: Book, language: Language) -> dict[str, Any]:
    """A private key was written to an employee."""
    return {"text": said(book, "desk_key_not_sent", language)}


def only_the_helpdesk(book: Book, language: Language) -> dict[str, Any]:
    """Who pressed a button of a card belongs to nobody whom it is for."""
    return {"text": said(book, "only_the_helpdesk", language)}


def case_is_gone(book: Book, language: Language) -> dict[str, Any]:
    """The case was erased."""
    return {"text": said(book, "case_erased", language)}


def which_case(book: Book, language: Language) -> dict[str, Any]:
    """A message in a thread of several cases names none."""
    return {"text": said(book, "which_case", language)}


def another_case(book: Book, named: str, here: str, language: Language) -> dict[str, Any]:
    """A message in the thread of one case (`here`) begins with the number of another."""
    return {"text": said(book, "another_case", language, value=named, case=here)}


def only_the_owner(book: Book, owner: str, language: Language) -> dict[str, Any]:
    """Who may press this button; `owner` is a Slack user id."""
    return {"text": said(book, "only_the_owner", language, owner)}


def expired(book: Book, language: Language) -> dict[str, Any]:
    """The conversation was erased, or there never was one."""
    return {"text": said(book, "record_expired", language)}


def author_told(book: Book, author: str, language: Language) -> dict[str, Any]:
    """The person whose message it is (a Slack user id) was written to."""
    return {"text": said(book, "author_told", language, author)}


def answered_in_talk(book: Book, language: Language) -> dict[str, Any]:
    """The answer does not stand here."""
    return {"text": said(book, "answered_in_talk", language)}


def answered_before(book: Book, language: Language) -> dict[str, Any]:
    """Somebody showed this message before, or the bot heard it itself."""
    return {"text": said(book, "answered_before", language)}


def members_only(book: Book) -> dict[str, Any]:
    """To somebody of another company: in both languages, and they learn nothing of the company."""
    return {"text": " / ".join(said(book, "members_only", language) for language in ("ja", "en"))}
