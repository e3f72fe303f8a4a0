"""The people of the drill: what they do in their talk with the bot, and what stands there afterwards."""

import asyncio
import contextlib
import html
import json
import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bot.replies import quote
from bot.workspace.people import BOT_USER, HELPDESK_CHANNEL, SUZUKI, Person, direct_message
from bot.workspace.refusal import Refused
from bot.workspace.samples import Sample
from bot.workspace.workspace import Workspace
from knowledge.book import Book
from tests.drill_balancer import message_key, opened_key
from tests.drill_faults import within
from tests.drill_ledger import Answer, Doing
from tests.road import buttons

Json = dict[str, Any]

EMPLOYEES = tuple(
    Person(f"U0DRILL{number:04}", f"drill.{number}", name, f"drill{number}@example.co.jp", locale)
    for number, (name, locale) in enumerate(
        (
            *(("伊藤 葵", "ja-JP"), ("山本 蓮", "ja-JP"), ("Emma Brown", "en-US"), ("中村 結衣", "ja-JP")),
            *(("小林 大翔", "ja-JP"), ("Noah Wilson", "en-US"), ("加藤 陽菜", "ja-JP"), ("吉田 湊", "ja-JP")),
            *(("Mia Clark", "en-US"), ("渡辺 凛", "ja-JP")),
        ),
        1,
    )
)
EVERYBODY = (*EMPLOYEES, SUZUKI)

ERRORS = (
    "送信すると Microsoft Outlook cannot sign or encrypt this message because there are no certificates "
    "which can be used to send from the email address 'user@example.co.jp'. と出ます",
    "署名の証明書の有効期限が切れています、と出て送れません",
    "The name on the security certificate is invalid or does not match the name of the site",
    "エラー 0x800B0109 が出て接続できません。証明書チェーンは信頼されていない証明機関によって発行されました",
    "接続しているサーバーは、確認できないセキュリティ証明書を使用しています。",
    "I get: Your Digital ID name cannot be found by the underlying security system",
)
SMALL_TALK = ("こんにちは", "ありがとうございます", "hello", "お昼は何がいいですか", "プリンターが動きません")
WORDS = ("はい", "いいえ", "わからない", "yes", "まだ直りません", "担当者と話したい", "直りました")

_HEADED = "▸ "
_CARD = re.compile(r"(?:(?:●|■ \S+) )?(C-\d+(?:-\d+)?)\s")


@dataclass
class Told:
    """What people did so far, with what Slack heard of it."""

    workspace: Workspace
    acknowledged: Mapping[str, float]
    """The balancer's: when the app took a message."""
    _doings: list[tuple[Doing, str]] = field(default_factory=list)
    _places: set[tuple[str, str | None, str]] = field(default_factory=set)

    def add(self, doing: Doing, key: str = "") -> None:
        """Keeps it; `key` is where its acknowledgement will be found."""
        self._doings.append((doing, key))
        self._places |= {(doing.channel, doing.thread, heading) for heading in doing.headings}

    async def add_press(self, doing: Doing, message_ts: str, action: str) -> None:
        """Has the button pressed, and keeps whether the app took it: Slack sends no press twice."""
        number = len(self._doings)
        self.add(doing)
        with contextlib.suppress(Refused):  # the message was replaced just now
            if await self.workspace.click(doing.person, doing.channel, message_ts, action):
                self._doings[number] = replace(doing, acknowledged=time.time()), ""

    def is_taken(self, channel: str, thread: str | None, heading: str) -> bool:
        """Whether an answer there would already belong to something else."""
        return (channel, thread, heading) in self._places

    def doings(self) -> list[Doing]:
        """All of them, with what is known now of their acknowledgement."""
        return [
            replace(doing, acknowledged=doing.acknowledged or self.acknowledged.get(key))
            for doing, key in self._doings
        ]


class Employee:
    """One person: pastes, presses, uploads, chats, often before the last answer is there."""

    def __init__(self, person: Person, told: Told, samples: Sequence[Sample], chance: random.Random) -> None:
        self._person = person
        self._told = told
        self._workspace = told.workspace
        self._samples = samples
        self._chance = chance
        self._channel = direct_message(person.id)

    async def act(self, quiet: asyncio.Event) -> None:
        """Does one thing after the other until it is quiet."""
        await self._open()
        while not quiet.is_set():
            patience = self._chance.choice((0.02, 0.5, 1.0, 2.0, 4.0, 5.0))
            await self._once()
            await within(patience * self._chance.uniform(0.8, 1.6), quiet)

    async def _open(self) -> None:
        opened = Doing(self._person.id, "opened", self._channel, None, frozenset({""}), time.time())
        self._told.add(opened, opened_key(self._person.id))
        await self._workspace.open(self._person.id, self._channel)

    async def _once(self) -> None:
        choice = self._chance.random()
        if choice < 0.5 and await self._press():
            return
        if choice < 0.62:
            sample = self._chance.choice(self._samples)
            text = self._chance.choice(("", "これです", self._chance.choice(ERRORS)))
            await self._say(text, sample)
        else:
            await self._say(self._chance.choice(self._chance.choice((ERRORS, ERRORS, SMALL_TALK, WORDS))))

    async def _say(self, text: str, *files: Sample) -> None:
        sent = time.time()
        named = [(file.name, file.data) for file in files]
        ts = await self._workspace.say(self._person.id, self._channel, text, named)
        doing = Doing(
            self._person.id, "file" if files else "message", self._channel, ts, frozenset({""}), sent
        )
        self._told.add(doing, message_key(self._channel, ts))

    async def _press(self) -> bool:
        """Presses a button whose answer can be told from every other; False: none is shown."""
        shown = [message for message in self._workspace.messages(self._channel) if buttons(message)][-4:]
        choices = [choice for message in shown for choice in self._choices(message)]
        if not choices:
            return False
        message_ts, action, doing = self._chance.choice(choices)
        await self._told.add_press(doing, message_ts, action)
        return True

    def _choices(self, message: Json) -> Iterator[tuple[str, str, Doing]]:
        """The buttons of a message: its ts, the button's id, what pressing it is."""
        for button in buttons(message):
            if button["action_id"].startswith(ANSWERED_ELSEWHERE):
                continue
            is_example = button["action_id"].startswith("example")
            if not is_example and "thread_ts" not in message:
                continue  # the greeting's language: it changes the greeting itself
            heading = heading_of(button["text"]["text"])
            # an example's answer begins the thread under the greeting
            headings = frozenset({"", heading} if is_example else {heading})
            thread = message.get("thread_ts", message["ts"])
            if any(self._told.is_taken(self._channel, thread, one) for one in headings):
                continue
            kind: Literal["example", "press"] = "example" if is_example else "press"
            pressed = Doing(self._person.id, kind, self._channel, thread, headings, time.time())
            yield message["ts"], button["action_id"], pressed


# Buttons that open a dialog, or are thanked for beside the conversation.
ANSWERED_ELSEWHERE = ("open:", "feedback:", "cured:", "watch:")


def heading_of(label: str) -> str:
    """The first line of the answer to a press of the button with this label."""
    return f"{_HEADED}{quote(label, 75)}"


def pending_texts(book: Book) -> frozenset[str]:
    """What the bot says while it looks at one file."""
    return frozenset(
        book.say(name, language) for name in ("checking_one", "reading_picture") for language in ("ja", "en")
    )


def answers(workspace: Workspace, pending: frozenset[str]) -> list[Answer]:
    """The bot's messages in all talks, as they stand there now."""
    return [
        _answer(channel, message, _heading(message), pending)
        for channel in (direct_message(person.id) for person in EMPLOYEES)
        for message in workspace.messages(channel)
        if message["user"] == BOT_USER
    ]


def at_the_helpdesk(workspace: Workspace) -> list[Answer]:
    """What stands in the helpdesk's channel: a card is headed by its case, such as C-1042, and what was
    added under it by the name that each message of the bot's has in its metadata."""
    return [
        _answer(HELPDESK_CHANNEL, message, _case(message) or _name(message), frozenset())
        for message in workspace.messages(HELPDESK_CHANNEL)
        if message["user"] == BOT_USER
    ]


def _case(message: Json) -> str:
    found = _CARD.match(message["text"]) if "thread_ts" not in message else None
    return found[1] if found else ""


def _name(message: Json) -> str:
    payload = message.get("metadata", {}).get("event_payload", {})
    return str(payload.get("id") or message["ts"])


def _answer(channel: str, message: Json, heading: str, pending: frozenset[str]) -> Answer:
    text = html.unescape(message["text"])
    body = json.dumps([text, [_without_id(block) for block in message.get("blocks", ())]])
    thread = message.get("thread_ts")
    return Answer(
        channel,
        thread,
        heading,
        float(message["ts"]),
        body,
        is_pending=not pending.isdisjoint(text.splitlines()),
    )


def _without_id(block: Json) -> Json:
    return {name: value for name, value in block.items() if name != "block_id"}


def _heading(message: Json) -> str:
    first = html.unescape(message["text"]).partition("\n")[0]
    return first if first.startswith(_HEADED) else ""
