"""`python -m knowledge book`: what is to be approved is exactly what can be said."""

import ast
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from bot.conversation import Conversation
from bot.dialogue import step
from bot.events import Event, RowChosen
from bot.greeting import greeting
from bot.looked import PictureRead
from bot.pause import Pause
from bot.plain import lines
from bot.replies import AddToCase, Message, OpenCase, Reply, Say, TellDesk, Text, Whisper
from knowledge.__main__ import main
from knowledge.approval.document import document
from knowledge.approval.page import OF_COMPANY, Source
from knowledge.approval.remedies import is_old
from knowledge.approval.words import BLANKS_JA
from knowledge.book import Book
from knowledge.load import load
from knowledge.rows import LANGUAGES, OUTLOOKS, Language, Outlook, Words
from knowledge.words import BLANKS, fill, menu_values
from tests.said import CLOSE, OPEN, marked, outside, words_of
from tests.test_conversations import ALL
from tests.test_dialogue import ROWS, abstract, options, start
from tests.transcripts import EXAMPLE_COMPANY, NOW, PICTURES, Chat, Play, book_for

DAY = date(2026, 11, 24)
ROOT = Path(__file__).parents[1]


@dataclass
class Printed(HTMLParser):
    """What stands in the document: the texts that are said, by language; ids, links and all tags."""

    said: dict[str, set[str]] = field(default_factory=lambda: {"ja": set(), "en": set()})
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    whole: str = ""
    _language: str = ""
    _text: str = ""
    _blank: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        assert not {"src", "onclick", "style"} & set(given)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a":
            self.links.append(str(given["href"]))
        if given.get("class") == "said":
            self._language, self._text = str(given["lang"]), ""
        self._blank = given.get("class") == "blank"
        if tag == "br":
            self._text += "\n"

    def handle_data(self, data: str) -> None:
        self._text += "〔〕" if self._blank else data
        self.whole += data

    def handle_endtag(self, tag: str) -> None:
        self._blank = False
        if tag == "p" and self._language:
            self.said[self._language].add(self._text)
            self._language = ""


@cache
def built_in() -> Book:
    return load()


@cache
def example() -> Book:
    return load(EXAMPLE_COMPANY)


@cache
def written(which: Literal["built in", "example"], day: date = DAY) -> str:
    return document(Source(built_in() if which == "built in" else example(), built_in(), day))


def printed(text: str) -> Printed:
    out = Printed()
    out.feed(text)
    return out


def plain(text: str) -> str:
    return text.replace("*", "").replace("`", "")


def told(book: Book, words: Words, language: Language, outlook: Outlook = "classic") -> str:
    """The text as the bot says it, every value but the company's an empty bracket."""
    values = dict.fromkeys(words.blanks(language), "〔〕") | book.company_values(language)
    return plain(fill(words[language], {**values, **menu_values(words, book.labels, outlook, language)}))


def every_text(book: Book, language: Language) -> Iterator[str]:
    for table in (book.errors, book.questions, book.findings, book.phrases):
        for words in words_of(table):
            yield told(book, words, language)
    for remedy in book.remedies.values():
        kinds: list[Outlook] = [kind for kind in OUTLOOKS if remedy.steps(kind)] or ["classic"]
        for step_ in remedy.step:
            for words in words_of(step_):
                yield from (told(book, words, language, kind) for kind in step_.only)
        for text in (remedy.title, remedy.note, remedy.after):
            if text is not None:
                yield from (told(book, text, language, kind) for kind in kinds)
        for words in (*words_of(remedy.outcome), *words_of(remedy.next)):
            yield told(book, words, language)


@pytest.mark.parametrize("which", ["built in", "example"])
def test_the_document_holds_every_text_of_the_tables_and_no_other(
    which: Literal["built in", "example"],
) -> None:
    book = built_in() if which == "built in" else example()
    found = printed(written(which)).said
    for language in LANGUAGES:
        expected = set(every_text(book, language))
        assert found[language] - expected == set()
        assert expected - found[language] == set()


# What stands outside of the tables' texts: values, dates, hours, separators.

DATES = re.compile(
    r"\d{4}年\d+月\d+日（[月火水木金土日]）|平日 [\d:〜]+|\d+/\d+（[月火水木金土日]）"
    r"|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b"
)
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]+")
ENGLISH = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]{2,})+")


def messages(replies: tuple[Reply, ...]) -> Iterator[Message]:
    for reply in replies:
        if isinstance(reply, Say | Whisper | AddToCase | TellDesk):
            yield reply.message
        elif isinstance(reply, OpenCase):
            yield from (reply.card, reply.otherwise)


def not_of_the_tables(message: Message, given: str) -> Iterator[str]:
    """Words that stand in no text of the tables and were not `given` by anybody either."""
    whole = "\n".join(lines(message))
    for piece in outside(whole):
        left = DATES.sub("", piece)
        for found in (*JAPANESE.findall(left), *ENGLISH.findall(left)):
            if found not in given:
                around = re.search(f".*{re.escape(found)}.*", whole)
                yield f"{found} in {around[0] if around else whole}".replace(OPEN, "«").replace(CLOSE, "»")


@dataclass
class Recorded(Play):
    """A conversation that keeps what happened in it, and where it stood before."""

    happened: list[tuple[Conversation, Event]] = field(default_factory=list)

    def feed(self, event: Event) -> tuple[Reply, ...]:
        self.happened.append((Conversation.model_validate_json(self.stored), event))
        return super().feed(event)


def recorded(chat: Chat) -> Recorded:
    play = Recorded(chat.options)
    for paragraph in re.split(r"\n{2,}", chat.body.strip("\n")):
        play.act(paragraph)
    return play


@cache
def with_marks(company: bool, desk: bool, switched: bool) -> Book:
    return marked(book_for(company, desk, switched))


ISSUERS = tuple(f"Example {name} CA" for name in ("Issuing", "Root", "Department", "Web Gateway"))


def people_gave(chat: Chat) -> str:
    """What people typed, and what stands in their files and profiles."""
    typed = [line for line in chat.body.split("\n") if line.startswith(">")]
    pictures = [line for one in PICTURES.values() if isinstance(one, PictureRead) for line in one.lines]
    return "\n".join([*typed, *pictures, "佐藤 花子", *ISSUERS])


def test_every_word_of_every_conversation_stands_in_the_tables() -> None:
    """And of the same ones while automatic help is paused."""
    strange: set[str] = set()
    seen = 0
    for _, chat in ALL:
        book = with_marks("company" in chat.options, "nodesk" not in chat.options, "switched" in chat.options)
        given = people_gave(chat)
        for before, event in recorded(chat).happened:
            for pause in (None, Pause(NOW)):
                _, replies = step(before, event, book, pause)
                for message in messages(replies):
                    seen += 1
                    strange.update(not_of_the_tables(message, given))
    for language in LANGUAGES:
        strange.update(not_of_the_tables(greeting(with_marks(True, True, False), language, 30), ""))
    assert seen > 1000
    assert strange == set()


@pytest.mark.parametrize("row", ROWS)
def test_every_word_of_every_way_to_answer_stands_in_the_tables(row: str) -> None:
    book = with_marks(True, True, False)
    strange: set[str] = set()
    seen: set[tuple[object, ...]] = set()
    todo = [step(start(book), RowChosen(row, NOW), book)]
    while todo:
        conversation, replies = todo.pop()
        for message in messages(replies):
            strange.update(not_of_the_tables(message, ""))
        if abstract(conversation) not in seen:
            seen.add(abstract(conversation))
            shown = [reply.message for reply in replies if isinstance(reply, Say)]
            todo += [step(conversation, event, book) for event in options(conversation, shown[-1])]
    assert strange == set()


def test_a_sentence_that_stands_in_code_would_be_found() -> None:
    for text, language in (("お待ちください。", "ja"), ("Please wait.", "en")):
        said = Message((Text(f"{OPEN}A {CLOSE}C-1042{OPEN} B{CLOSE} {text}"),), language)  # type: ignore[arg-type]
        assert list(not_of_the_tables(said, "")) != []
        assert list(not_of_the_tables(said, text)) == []


def test_no_sentence_for_people_stands_in_the_bots_code() -> None:
    """But for what is printed in a terminal, and what recognises words."""
    left = {}
    for path in sorted((ROOT / "bot").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {
            ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, DOCUMENTED)
        }
        texts = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docs
        ]
        if any(re.search(r"[ぁ-ゖ]{2,}", text) for text in texts):
            left[path.name] = True
    assert set(left) <= FOR_A_TERMINAL | RECOGNISE


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
FOR_A_TERMINAL = {
    "commands.py", "database.py", "database_faults.py", "environment.py", "forget.py", "local.py",
    "migrate.py", "pausing.py", "plain.py", "postgres.py", "report.py", "report_period.py",
    "setting_faults.py", "setting_shapes.py", "settings.py", "tokens.py", "watch_list.py",
}  # fmt: skip
RECOGNISE = {"picture_lines.py", "picture_models.py", "picture_text.py", "typed.py"}


# How it looks


def test_it_is_one_file_that_loads_nothing_and_runs_nothing() -> None:
    text = written("example")
    found = printed(text)
    assert not found.tags & {"script", "img", "link", "iframe", "object", "form"}
    assert "url(" not in text
    assert "@import" not in text
    assert len(found.ids) == len(set(found.ids))
    inside = {link[1:] for link in found.links if link.startswith("#")}
    assert inside <= set(found.ids)
    assert {link for link in found.links if not link.startswith(("#", "https://"))} == set()


def test_what_is_off_is_marked_and_counted() -> None:
    off = written("built in")
    assert "案内しない（許可されるまで）" in off
    on = written("example")
    assert "案内しない（許可されるまで）" not in on
    assert "案内する（会社の登録: employees_may）" in on


def test_the_companys_wording_is_marked(tmp_path: Path) -> None:
    (tmp_path / "phrases.toml").write_text(
        '[phrase.hello]\nja = "やあ。<b>"\nen = "Hi <b>."\n', encoding="utf-8"
    )
    assert "会社の文" not in written("example")
    book = load(tmp_path)
    text = document(Source(book, built_in(), DAY))
    assert "やあ。&lt;b&gt;" in text
    assert text.count("company’s wording") == 1


def test_a_review_of_more_than_twelve_months_ago_is_marked() -> None:
    assert not is_old(date(2025, 11, 25), DAY)
    assert is_old(date(2025, 11, 24), DAY)
    assert "12 か月を過ぎています" in written("built in", date(2027, 12, 1))
    assert "12 か月を過ぎています" not in written("built in")


def test_every_blank_has_a_meaning_in_japanese_too() -> None:
    assert set(BLANKS) == set(BLANKS_JA)
    assert set(OF_COMPANY) == {name for name in BLANKS if BLANKS[name].startswith("company: ")}


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "book.html"
    assert main(["--tables", str(EXAMPLE_COMPANY), "book", "--out", str(out), "--date", "2026-11-24"]) == 0
    text = out.read_text(encoding="utf-8")
    assert "2026-11-24" in text
    assert example().version in text
    assert example().version in capsys.readouterr().out
    assert main(["book", "--out", str(tmp_path / "nowhere" / "book.html")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_the_day_that_it_is_printed_on_is_the_companys(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TZ", "Etc/GMT+12")  # where the day begins last: a server's clock is seldom Tokyo's
    time.tzset()
    try:
        before = datetime.now(ZoneInfo("Asia/Tokyo")).date()
        assert main(["book", "--out", str(tmp_path / "book.html")]) == 0
        after = datetime.now(ZoneInfo("Asia/Tokyo")).date()
    finally:
        monkeypatch.undo()
        time.tzset()
    told = (tmp_path / "book.html").read_text("utf-8")
    assert any(f"<td>{day.isoformat()}</td>" in told for day in (before, after))
