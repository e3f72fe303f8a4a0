"""What people type instead of pressing a button."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from rapidfuzz.fuzz import ratio

from knowledge.book import Book
from knowledge.rows import UNKNOWN, Question

_NOISE = re.compile(r"[\s。、．，,.!！?？「」『』()（）\[\]［］:;：；~〜…・/／'\"’”`*_-]+")
_ENDING = re.compile(
    r"(です|でした|ます|ですね|だよ|ですよ|だと思います|と思います|かも|かな|please|thanks)$"
)
_CLAUSES = re.compile(r"[。、！!,，.\n]+")
_SPLIT = re.compile(r"[・／/（）()「」、,]|\s-\s")
_NEGATION = re.compile(r"ない|なく|じゃ|ではあり|ません|\bnot\b|n't|\bno\b", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+%'-]{1,64}@[\w.-]{1,200}\.\w{2,24}")
# What is said about a password without telling it: the password is wrong; パスワードは Windows と同じ.
_ABOUT = (
    r"(?:not|no longer|wrong|incorrect|correct|right|invalid|valid|required|requested|needed|necessary|asked"
    r"|missing|empty|blank|unknown|expired|expiring|locked|blocked|rejected|refused|accepted|saved|stored"
    r"|changed|reset|prompted|being|still|always|never|also|fine|okay|the|your|mine|same|different|that|what"
    r"|Windows|Outlook|Microsoft|Office|Exchange|Active)(?![!-~]*[0-9@#$%^&*_=+])"
)
_PASSWORD = re.compile(
    r"(?:パスワード|暗証番号|\bpass(?:word|phrase)?\b|\bpin\b)\s*"
    rf"(?:[：:=]\s*[：:=]?\s*|(?:は|が|is)\s*(?:[：:=]\s*)?(?!{_ABOUT}))[「『\"'“]?[!-~]{{4,}}",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"(?<![\w@.-])((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})(?![\w-])", re.IGNORECASE
)


def plain(text: str) -> str:
    """The text without case, width, spaces, punctuation and polite endings."""
    folded = _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())
    return _ENDING.sub("", folded) or folded


def intent(text: str, book: Book) -> str | None:
    """What the whole message says (`intents.toml`), if it is no more than that and thanks."""
    if len(text) > 60:
        return None
    if meant := _one_intent(text, book):
        return meant
    pieces = [piece for piece in _CLAUSES.split(text) if plain(piece)]
    found = [_one_intent(piece, book) for piece in pieces]
    kept = [meant for meant in found if meant not in ("thanks", "greeting")]
    return kept[0] if len(pieces) > 1 and len(kept) == 1 else None


def _one_intent(text: str, book: Book) -> str | None:
    said = plain(text)
    if not said:
        return None
    return next((n for n, ways in book.intents.items() if any(said == plain(way) for way in ways)), None)


def option(text: str, question: Question, book: Book) -> str | None:
    """The option of this question that the text means, "unknown" included, or None."""
    meant = intent(text, book)
    if meant == "unknown":
        return UNKNOWN
    ways = {id_: (row.ja, row.en, *row.typed) for id_, row in question.option.items()}
    return one_of(text, ways) or (meant if meant in ("yes", "no") and meant in question.option else None)


def one_of(text: str, ways: Mapping[str, Iterable[str]]) -> str | None:
    """The one entry whose words the text is, nearly is, or shortly contains; None if none or several."""
    said = plain(text)
    if not said or len(text) > 80:
        return None
    pieces = {id_: {p for way in words for p in _pieces(way)} for id_, words in ways.items()}
    for fits in (
        lambda piece: piece == said,
        lambda piece: len(piece) >= 4 and ratio(piece, said) >= 88,
        lambda piece: (
            len(piece) >= 2 and piece in said and len(said) <= len(piece) + 8 and not _NEGATION.search(text)
        ),
    ):
        found = [id_ for id_, options in pieces.items() if any(fits(piece) for piece in options)]
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return None


def _pieces(way: str) -> set[str]:
    return {plain(piece) for piece in (way, *_SPLIT.split(way)) if plain(piece)}


def host_name(text: str) -> str | None:
    """The server's name in the text, if there is just one."""
    found = {match[1].lower() for match in _HOST.finditer(text)}
    return found.pop() if len(found) == 1 else None


def mail_address(text: str) -> str | None:
    """The mail address in the text, if there is just one."""
    found = {match[0] for match in _ADDRESS.finditer(text)}
    return found.pop() if len(found) == 1 else None


def tells_password(text: str) -> bool:
    """Whether somebody writes a password down: パスワードは … です, password: …"""
    return bool(_PASSWORD.search(text))
