"""Conversations as Markdown: read them, play them through `step`, write down what the bot says.

In a block that opens with three backticks and `chat`, `> ` is the person, `[…]` alone between blank lines a
click, `(…)` a file, `~ 20 min` time that goes by, and everything else the bot, word for word. After `chat`
stand the language of the Slack locale and options: `company` (the example company's tables), `nodesk`
(no helpdesk channel), `channel` (asked in a channel), `nomail` (no address in the profile), `switched` (the
remedies with a risk are switched on, and nothing else is registered).
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from bot.button_ids import pressed
from bot.conversation import Conversation
from bot.dialogue import step
from bot.events import Event, FilesInspected, MessagePosted
from bot.looked import File, Inspected, Looked, NotFetched, PictureNotRead, PictureRead
from bot.plain import plain
from bot.replies import CheckFiles, Message, OpenCase, Reply, Say, Whisper
from bot.workspace.samples import make_samples
from checks.report import inspect
from checks.trust import Trust
from knowledge.book import Book
from knowledge.load import load
from tests.ladders import SWITCHED

HERE = Path(__file__).parent / "conversations"
EXAMPLE_COMPANY = Path(__file__).parents[1] / "knowledge" / "example"
# Tuesday, 10:00 in Tokyo: the helpdesk is open.
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

_BLOCK = re.compile(r"^```chat (?P<options>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^\((?P<name>[^()]+)\)$")
_CLICK = re.compile(r"^\[(?P<label>[^\[\]]+)\]$")
_PASSES = re.compile(r"^~ (?P<minutes>\d+) min$")


@dataclass(frozen=True)
class Chat:
    """One conversation of a file: its title, its options, what the people do, and the block's place."""

    title: str
    options: tuple[str, ...]
    body: str
    start: int
    end: int


@cache
def book_for(company: bool, desk: bool, switched: bool = False) -> Book:
    book = load(EXAMPLE_COMPANY if company else None)
    more = {"employees_may": SWITCHED} if switched else {}
    return book.with_company(book.company.model_copy(update={"desk": desk, **more}))


@cache
def sample_files() -> tuple[dict[str, bytes], Trust]:
    samples = make_samples(NOW)
    trust = Trust.of(roots=[samples.root], chain=[samples.intermediate])
    return {sample.name: sample.data for sample in samples.files}, trust


def chats(path: Path) -> list[Chat]:
    text = path.read_text(encoding="utf-8")
    found = []
    for block in _BLOCK.finditer(text):
        titles = re.findall(r"^## (.+)$", text[: block.start()], re.MULTILINE)
        options = tuple(block["options"].split())
        found.append(Chat(titles[-1] if titles else "", options, block["body"], *block.span("body")))
    return found


@dataclass
class Play:
    """A conversation being played; it is saved and restored between any two lines."""

    options: tuple[str, ...]
    at: datetime = NOW
    said: list[Message] = field(default_factory=list)
    phases: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        given = self.options
        self.book = book_for("company" in given, "nodesk" not in given, "switched" in given)
        profile = None if "nomail" in self.options else "user@example.co.jp"
        self.stored = Conversation(
            number=1042,
            person="U1",
            person_name="佐藤 花子",
            language="en" if "en" in self.options else "ja",
            profile=profile,
            private="channel" not in self.options,
            began=self.at,
            touched=self.at,
        ).model_dump_json()

    def feed(self, event: Event) -> tuple[Reply, ...]:
        before = Conversation.model_validate_json(self.stored)
        after, replies = step(before, event, self.book)
        self.phases.append((before.phase, after.phase))
        self.stored = after.model_dump_json()
        self.said += [reply.message for reply in replies if isinstance(reply, Say | Whisper)]
        return replies

    def act(self, paragraph: str) -> str | None:
        """What the bot answers to this paragraph; None if the paragraph is the bot's own."""
        if passes := _PASSES.match(paragraph):
            self.at += timedelta(minutes=int(passes["minutes"]))
            return ""
        if click := _CLICK.match(paragraph):
            return plain(self.feed(self._pressed(click["label"])))
        lines = paragraph.split("\n")
        if not all(line.startswith(">") or _FILE.match(line) for line in lines):
            return None
        lines = [line.removeprefix(">").removeprefix(" ") for line in lines]
        names = [found["name"] for line in lines if (found := _FILE.match(line))]
        texts = [line for line in lines if not _FILE.match(line)]
        files = tuple(File(name, name) for name in names)
        replies = self.feed(MessagePosted("\n".join(texts), files, self.at))
        check = next((reply for reply in replies if isinstance(reply, CheckFiles)), None)
        if check is None:
            return plain(replies)
        results = self.feed(
            FilesInspected(
                self._inspected(check), check.slot, self.at, tuple(file.id for file in check.files)
            )
        )
        return "\n\n".join([plain(replies), plain(results, frozenset({check.slot}))])

    def _pressed(self, label: str) -> Event:
        for message in reversed(self.said):
            for button in message.buttons():
                if button.label == label:
                    return pressed(button.id, self.at)
        raise AssertionError(f"no button [{label}] was shown")

    def _inspected(self, check: CheckFiles) -> tuple[Looked, ...]:
        samples, trust = sample_files()
        sent = {file.name: samples.get(file.name, EXTRA_FILES.get(file.name)) for file in check.files}
        out: list[Looked] = []
        for file in check.files:
            if file.name in PICTURES:
                out.append(PICTURES[file.name])
                continue
            data = sent[file.name]
            if data is None:
                out.append(NotFetched(file.name, "unavailable"))
                continue
            report = inspect(
                data,
                at=self.at,
                address=check.address,
                server=check.server,
                purpose=check.purpose,
                trust=trust,
                beside=[one for name, one in sent.items() if one is not None and name != file.name],
            )
            out.append(Inspected(file.name, report))
        return tuple(out)


def _security_warning(picture: str, server: str) -> PictureRead:
    """The warning about a server's name, with that name as it was read."""
    return PictureRead(
        picture,
        (
            "インターネット セキュリティ警告",
            server,
            "接続しているサーバーは、確認できないセキュリティ証明書を使用しています。",
            "対象のプリンシパル名が間違っています。",
            "はい(Y)",
            "いいえ(N)",
        ),
    )


# What the reader gave for these pictures; that it reads them is tests/test_pictures.py's to show.
PICTURES: dict[str, PictureRead | PictureNotRead] = {
    "IMG_4312.HEIC": PictureRead(
        "IMG_4312.HEIC",
        (
            "インターネット セキュリティ警告",
            "接続しているサーバーは、確認できないセキュリティ証明書を使用しています。",
            "このサーバーの使用を続けますか?",
            "証明書の表示(V)...",
            "はい(Y)",
            "いいえ(N)",
        ),
    ),
    "name.png": PictureRead(
        "name.png",
        (
            "インターネットセキュリティ警告",
            "mail.example.co.jp",
            "接続しているサーバーは、確認できないセキュリティ証明書を使用しています。",
            "対象のプリンシパル名が間違っています。",
            "このサーバーの使用を続けますか?",
            "はい(Y)",
            "いいえ(N)",
        ),
    ),
    "signing.png": PictureRead(
        "signing.png",
        (
            "Microsoft Outlook",
            "Microsoft Outlook cannot sign or encrypt this message because there are no certificates which "
            "can be used to send from the e-mail address 'u5er@examp1e.co.jp'.",
            "OK",
        ),
    ),
    "IMG_0012.JPG": PictureRead(
        "IMG_0012.JPG",
        (
            "Microsoft Outlook",
            "サーバー mail.example.co.jp: この証明書チェーンは、信頼されていない機関によって発行されました。",
            "発行者: ESET SSL Filter CA",
            "はい(Y)",
            "いいえ(N)",
        ),
    ),
    "vpn.png": PictureRead(
        "vpn.png",
        (
            "Cisco AnyConnect",
            "証明書の検証に失敗しました。",
            "VPN サーバーの証明書は信頼されていません。",
            "OK",
        ),
    ),
    "office.jpg": _security_warning("office.jpg", "out1ook 0ffice365 com"),
    "misread.jpg": _security_warning("misread.jpg", "mai1.examp1e.co.jp"),
    "another-letter.jpg": _security_warning("another-letter.jpg", "nail.example.co.jp"),
    "expired.png": PictureRead(
        "expired.png",
        ("Microsoft Outlook", "8 署名に使う証明書の有効期限が切れています。", "OK"),
    ),
    "half.png": PictureRead(
        "half.png",
        ("インターネット セキュリティ警告", "mail.example.co.jp", "はい(Y)", "いいえ(N)"),
    ),
    "holiday.jpg": PictureNotRead("holiday.jpg", "nothing"),
    "film.gif": PictureNotRead("film.gif", "animated"),
    "absent.png": PictureNotRead("absent.png", "absent"),
}

EXTRA_FILES = {
    "empty.cer": b"",
    "photo.png": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "note.txt": "これは証明書ではありません。".encode(),
}


def played(chat: Chat) -> str:
    """The block's text as it is when the bot says what it says now."""
    play = Play(chat.options)
    out = []
    for paragraph in re.split(r"\n{2,}", chat.body.strip("\n")):
        answer = play.act(paragraph)
        if answer is None:
            continue
        out += [paragraph, answer] if answer else [paragraph]
    return "\n\n".join(out) + "\n"


def cards(replies: tuple[Reply, ...]) -> list[OpenCase]:
    return [reply for reply in replies if isinstance(reply, OpenCase)]


def require_word_for_word(path: Path, body: str, now: str, *, accept: bool) -> None:
    """The block of the file says what is said now; `accept` rewrites it."""
    if accept and now != body:
        text = path.read_text(encoding="utf-8")
        assert text.count(body) == 1, "two blocks are equal to the letter"
        path.write_text(text.replace(body, now), encoding="utf-8")
        return
    assert now.splitlines() == body.splitlines()
