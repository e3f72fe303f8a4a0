"""Scenes: several people and a clock, played on the real road, written so that anybody can read them.

A block opens with three backticks and `scene`, then `ja` or `en` (the language of the headings) and options:
`company` (the example company's tables, with hours of Monday to Friday 9 to 18), `nodesk` (no helpdesk
channel) and `holiday=2026-11-30`. It begins on Tuesday 24 November 2026 at 10:00 in Tokyo. Time stands still
until it is moved. What people do is a line each; what was done in one paragraph is done at one go:

    佐藤> Outlook で署名の証明書が…     writes in the talk with the bot; (expired.cer) at the end is a file
    佐藤 #general> @証明書ヘルプ …      writes in a channel; the first ↳ instead of > answers in the thread
    鈴木 ↳ 社内のメモ                   writes in the thread of the newest card
    鈴木 C-1001 ↳ >> お試しください      the same for one case
    佐藤 [担当者と話す]                 presses the newest button with this label that this person can see
    鈴木 C-1001 [引き受ける]            the same among the messages that name this case
    鈴木 ホーム [お知らせを出す]         (or `Home`) opens the Home tab and presses the button there
    鈴木 ✎ 利用者に届く文: …            fills in a field of the dialog that is open, and then presses [送る]
    $ pause --reason-ja … --reason-en …  an administrator types python -m bot pause with these arguments
    同時に                              (or `At once`) the lines below happen at the same moment. Who wins is
                                        open; whoever it was, the first of them is called so from there on
    ~ 30 分 / ~ 3 days / ~ 金曜 17:50    the clock moves (`翌日`, `next day` are days of their own); all that
                                        comes due on the way happens at its own time, which is written above

A line that is none of these goes on with the text above it. All else is what the product shows, word for
word: a heading that says where and to whom, and its lines after a bar (of a message that was rewritten, those
that changed; … are the others). `pytest --accept` writes these anew.
"""

import argparse
import asyncio
import itertools
import re
import shlex
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path

from bot import pausing
from bot.commands import COMMANDS
from bot.later import Later
from bot.local import MANIFEST
from bot.running import OTHERS
from bot.workspace.installed import read_manifest
from bot.workspace.people import GENERAL_CHANNEL, HELPDESK_CHANNEL, PEOPLE, Person, direct_message
from bot.workspace.workspace import Workspace
from knowledge.book import Book
from knowledge.load import load
from tests.road import Json, Stage, buttons, stage
from tests.scene_clock import day_and_time, moment
from tests.seen import CHANNELS, Place, Shown, family_name, lines_of, shown
from tests.transcripts import EXAMPLE_COMPANY, NOW, sample_files

HERE = Path(__file__).parent / "scenes"
NAMES = {family_name(person): person for person in PEOPLE}

_BLOCK = re.compile(r"^```scene (?P<options>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_WHO = rf"(?P<who>{'|'.join(NAMES)})(?: (?P<where>#[a-z]+|C-[0-9-]+|ホーム|Home))?"
_WRITES = re.compile(rf"{_WHO}(?:> | (?P<thread>↳) )(?P<text>.*)")
_CLICKS = re.compile(rf"{_WHO} \[(?P<label>[^\[\]]+)\]")
_FILLS = re.compile(rf"{_WHO} ✎ (?P<field>[^:：]+): (?P<text>.*)")
_FILES = re.compile(r"\s*\((?P<name>[^()\s]+\.[a-z0-9]+)\)$")
_PAUSES = re.compile(r"\$ pause(?P<arguments>.*)")
_AT_ONCE = ("同時に", "At once")
_HOME = ("ホーム", "Home")

_HEADINGS = {
    "ja": {
        "talk": "{who}のDM",
        "only": "{where}（{who}だけに見える）",
        "dialog": "{who}の画面",
        "replaced": "（書き換わる）",
        "gone": "（消える）",
        "moment": "（{day}曜 {at}）",
    },
    "en": {
        "talk": "{who}’s DM",
        "only": "{where} (only {who} sees it)",
        "dialog": "{who}’s screen",
        "replaced": " (rewritten)",
        "gone": " (gone)",
        "moment": "({day} {at})",
    },
}


@dataclass(frozen=True)
class Scene:
    """One scene of a file: its title, its options, and what stands in it."""

    title: str
    options: tuple[str, ...]
    body: str

    @property
    def language(self) -> str:
        """Of the headings."""
        return "en" if "en" in self.options else "ja"


def scenes(path: Path) -> list[Scene]:
    text = path.read_text(encoding="utf-8")
    found = []
    for block in _BLOCK.finditer(text):
        titles = re.findall(r"^## (.+)$", text[: block.start()], re.MULTILINE)
        found.append(Scene(titles[-1] if titles else "", tuple(block["options"].split()), block["body"]))
    return found


def played(scene: Scene) -> str:
    """The block's text as it is when the product shows what it shows now."""
    return asyncio.run(_played(scene))


async def _played(scene: Scene) -> str:
    workspace = Workspace(app=read_manifest(MANIFEST))
    workspace.state.clock = NOW.timestamp  # it stands still; what Slack itself measures by goes on
    given: Json = {"helpdesk_channel": None} if "nodesk" in scene.options else {}
    days = {date.fromisoformat(option[8:]) for option in scene.options if option.startswith("holiday=")}
    given |= {"holidays": frozenset(days)} if days else {}
    tables = _company() if "company" in scene.options else None
    async with stage(workspace=workspace, trust=sample_files()[1], tables=tables, **given) as here:
        return await Play(scene, here).play()


@cache
def _company() -> Book:
    return load(EXAMPLE_COMPANY)


@dataclass
class Play:
    """A scene being played."""

    scene: Scene
    here: Stage
    seen: dict[str, Shown] = field(default_factory=dict)
    filled: dict[str, dict[str, str]] = field(default_factory=dict)
    swapped: dict[str, str] = field(default_factory=dict)
    """Who is called by another's name, by their real names and those that scenes call them by."""

    @property
    def workspace(self) -> Workspace:
        return self.here.workspace

    async def play(self) -> str:
        out: list[str] = []
        for paragraph in re.split(r"\n{2,}", self.scene.body.strip("\n")):
            if not is_done_by_people(paragraph):
                continue
            out += [paragraph, *[said async for said in self._happens(paragraph)]]
        return "\n\n".join(out) + "\n"

    async def _happens(self, paragraph: str) -> AsyncIterator[str]:
        if paragraph.startswith("~ "):
            async for said in self._passes(paragraph):
                yield said
            return
        first, *rest = paragraph.split("\n")
        if first in _AT_ONCE:
            await asyncio.gather(*(self._does(line) for line in rest))
            await self.here.settled()
            self._call_the_winner_first(rest)
        else:
            for action in _actions(paragraph):
                await self._does(action)
                await self.here.settled()
        for said in self._news():
            yield said

    # What people do

    async def _does(self, action: str) -> None:
        if found := _PAUSES.fullmatch(action):
            await self._pauses(found["arguments"])
        elif found := _FILLS.fullmatch(action):
            self.filled.setdefault(found["who"], {})[found["field"].strip()] = found["text"]
        elif found := _CLICKS.fullmatch(action):
            await self._clicks(self._person(found["who"]), found["where"] or "", found["label"], found["who"])
        else:
            found = _WRITES.fullmatch(action.split("\n")[0])
            assert found, action
            text = "\n".join([found["text"], *action.split("\n")[1:]])
            await self._writes(
                self._person(found["who"]), found["where"] or "", found["thread"] is not None, text
            )

    async def _pauses(self, typed: str) -> None:
        parser = argparse.ArgumentParser()
        COMMANDS["pause"].arguments(parser)
        given = parser.parse_args(shlex.split(typed))
        reason = pausing.checked(given.reason_ja, given.reason_en, may_have=not given.end)
        database, now = self.here.bot.database, self.workspace.now()
        if given.end:
            pausing.end(database, now, "Asia/Tokyo")
        else:
            pausing.begin(database, now, reason, "Asia/Tokyo")
        await Later(database, self.here.bot.road.accept, self.workspace.now, OTHERS).tick()

    def _person(self, name: str) -> Person:
        return NAMES[self.swapped.get(name, name)]

    async def _writes(self, person: Person, where: str, in_thread: bool, text: str) -> None:
        names: list[str] = []
        while file := _FILES.search(text):
            names.insert(0, file["name"])
            text = text[: file.start()]
        channel = CHANNELS.get(where, direct_message(person.id))
        thread = None
        if in_thread and not where.startswith("#") and person.role == "helpdesk":
            channel, thread = HELPDESK_CHANNEL, self._card(where)["ts"]
        elif in_thread:
            last = self.here.said(channel)[-1]
            thread = last.get("thread_ts", last["ts"])
        files = [(name, sample_files()[0][name]) for name in names]
        await self.workspace.say(person.id, channel, text, files, thread)

    def _card(self, case: str) -> Json:
        """The newest card, or that of the case."""
        roots = (said for said in reversed(self.here.said(HELPDESK_CHANNEL)) if "thread_ts" not in said)
        return next(said for said in roots if case in lines_of(said)[0])

    async def _clicks(self, person: Person, where: str, label: str, name: str) -> None:
        for view in self.workspace.views_of(person.id):
            if view.get("submit", {}).get("text") == label:
                await self._submits(person, view, self.filled.pop(name, {}))
                return
        if where in _HOME:
            await self._clicks_at_home(person, label)
            return
        labels: list[str] = []
        for channel in self._channels(person, where):
            messages = [*self.workspace.messages(channel), *self.workspace.ephemerals(channel, person.id)]
            for message in sorted(messages, key=lambda message: float(message["ts"]), reverse=True):
                if where.startswith("C-") and not any(where in line for line in lines_of(message)):
                    continue
                for button in buttons(message):
                    labels.append(button["text"]["text"])
                    if button["text"]["text"] == label:
                        assert await self.workspace.click(
                            person.id, channel, message["ts"], button["action_id"]
                        )
                        return
        raise AssertionError(f"{name} sees no button [{label}], but {sorted(set(labels))}")

    async def _clicks_at_home(self, person: Person, label: str) -> None:
        await self.workspace.open(person.id, direct_message(person.id), "home")
        await self.here.settled()
        home = self.workspace.state.homes[person.id]
        for block in home["blocks"]:
            for button in block.get("elements", ()):
                if button.get("type") == "button" and button["text"]["text"] == label:
                    id_, value = button["action_id"], button.get("value", "")
                    assert await self.workspace.use_in_view(
                        person.id, home["id"], block["block_id"], id_, value
                    )
                    return
        raise AssertionError(f"the Home tab has no button [{label}]")

    def _channels(self, person: Person, where: str) -> list[str]:
        """Where the person looks for a button."""
        if where.startswith("#"):
            return [CHANNELS[where]]
        talk = direct_message(person.id)
        return [HELPDESK_CHANNEL, talk] if person.role == "helpdesk" else [talk, GENERAL_CHANNEL]

    async def _submits(self, person: Person, view: Json, entered: dict[str, str]) -> None:
        values: dict[str, Json] = {}
        for block in view["blocks"]:
            if block["type"] != "input" or (text := entered.pop(block["label"]["text"], None)) is None:
                continue
            element = block["element"]
            if element["type"] == "static_select":
                text = next(one["value"] for one in element["options"] if one["text"]["text"] == text)
            values[block["block_id"]] = {element["action_id"]: text}
        assert not entered, f"the dialog has no field {list(entered)}"
        answer = await self.workspace.submit(person.id, view["id"], values)
        assert answer.get("response_action") != "errors", answer

    def _call_the_winner_first(self, lines: list[str]) -> None:
        """Of two at once, the one who was told that it was too late is called by the second's name."""
        first, second = (_CLICKS.fullmatch(line) for line in lines)
        assert first
        assert second
        told = [self.workspace.ephemerals(HELPDESK_CHANNEL, NAMES[one["who"]].id) for one in (first, second)]
        if told[0] and not told[1]:
            one, other = NAMES[first["who"]], NAMES[second["who"]]
            pairs = [(first["who"], second["who"]), (one.real_name, other.real_name), (one.id, other.id)]
            self.swapped = {a: b for pair in pairs for a, b in (pair, pair[::-1])}

    # Time

    async def _passes(self, line: str) -> AsyncIterator[str]:
        until = moment(line, self.workspace.now())
        later = Later(self.here.bot.database, self.here.bot.road.accept, self.workspace.now)
        while (due := self._next_due()) and due <= until:
            self.workspace.move_clock(max(due, self.workspace.now()))
            await later.tick()
            await self.here.settled()
            news = list(self._news())
            if news:
                yield self._say("moment", **day_and_time(due, self.scene.language))
            for said in news:
                yield said
        self.workspace.move_clock(until)
        await self.here.settled()
        for said in self._news():
            yield said

    def _next_due(self) -> datetime | None:
        due: datetime | None = self.here.ask("SELECT min(due) FROM later")[0][0]
        return due

    # What the product shows

    def _news(self) -> Iterator[str]:
        """What is new, was rewritten or is gone since it was last asked for."""
        before, self.seen = self.seen, shown(self.workspace)
        for key, one in self.seen.items():
            if key not in before:
                yield self._paragraph(self._heading(one.place), one.lines)
            elif before[key].lines != one.lines:
                head = self._heading(one.place) + self._say("replaced")
                yield self._paragraph(head, changed(before[key].lines, one.lines))
        for key, one in before.items():
            if key not in self.seen and one.place.kind != "dialog":
                head = self._heading(one.place) + self._say("gone")
                yield self._paragraph(head, one.lines[:1])

    def _paragraph(self, head: str, lines: Iterable[str]) -> str:
        return "\n".join([head, *(f"┃ {self._called(line)}" for line in lines)])

    def _heading(self, place: Place) -> str:
        who = next((family_name(p) for p in PEOPLE if p.id == place.whose), "")
        where = next((name for name, channel in CHANNELS.items() if channel == place.channel), "")
        where += " ↳" if place.in_thread else ""
        if place.kind == "dialog":
            return self._say("dialog", who=self._called(who))
        if place.kind == "only":
            return self._say("only", where=where, who=self._called(who))
        owner = next((p for p in PEOPLE if direct_message(p.id) == place.channel), None)
        return self._say("talk", who=family_name(owner)) if owner else where

    def _say(self, phrase: str, **values: str) -> str:
        return _HEADINGS[self.scene.language][phrase].format(**values)

    def _called(self, line: str) -> str:
        """The line with people called as the scene calls them."""
        if self.swapped:
            names = "|".join(sorted(map(re.escape, self.swapped), key=len, reverse=True))
            line = re.sub(names, lambda found: self.swapped[found[0]], line)
        for person in PEOPLE:
            line = line.replace(f"@{person.id}", f"@{person.real_name}")
        return line


def changed(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    """The lines that were not there before; for those between them that were, a mark."""
    for is_old, lines in itertools.groupby(after, key=lambda line: line in before):
        yield from ["…"] if is_old else lines


def is_done_by_people(paragraph: str) -> bool:
    first = paragraph.split("\n")[0]
    return paragraph.startswith("~ ") or first in _AT_ONCE or _is_action(first)


def _is_action(line: str) -> bool:
    return any(pattern.fullmatch(line) for pattern in (_PAUSES, _FILLS, _CLICKS, _WRITES))


def _actions(paragraph: str) -> list[str]:
    """The doings of a paragraph; a line that is none goes on with the text above it."""
    found: list[str] = []
    for line in paragraph.split("\n"):
        if _is_action(line):
            found.append(line)
        else:
            found[-1] += f"\n{line}"
    return found
