"""Does in Slack what stands in the outbox: one item after the other, each marked as soon as it is done.

Where an item may be out already (bot.todo), Slack is asked for a message that carries its name before it is
sent again. What only one person sees cannot be looked for: there, and only there, a crash between sending and
writing it down shows it twice.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, assert_never

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection, Engine

from bot import correlation, incident_places, incidents, metrics, storm, todo, truth
from bot.calls import NotNow, Refused, failure_of, understood
from bot.limits import block_problems
from bot.logs import fields
from bot.pace import Pace
from bot.passing import Passing
from bot.posting import IS_FRESH, DoneElsewhere, Posting, content
from bot.store import Thread
from bot.todo import Undone
from knowledge.rows import Words

logger = logging.getLogger(__name__)

# An answer that comes a day late is none.
TOO_LATE = timedelta(days=1)


class Outbox:
    """The way out. `helpdesk` is the channel of the cases, `open_thread` the words on a card's link."""

    def __init__(
        self,
        engine: Engine,
        slack: AsyncWebClient,
        helpdesk: str | None,
        passing: Passing,
        pace: Pace | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        open_thread: Words,
        new_cards: int = 5,
    ) -> None:
        self._engine = engine
        self._slack = slack
        self._helpdesk = helpdesk
        self._posting = Posting(engine, slack, pace or Pace(), clock)
        self._clock = clock
        self._open_thread = open_thread
        self._new_cards = new_cards
        self._passing = passing

    async def send(self, undone: Undone) -> None:
        """Does one item and marks it. Raises NotNow if it has to wait; what Slack refuses is given up."""
        now = self._clock()
        if now - undone.read > IS_FRESH:
            again = await asyncio.to_thread(self._read, todo.read_again, undone.id, now)
            if again is None:
                return
            undone = again
        began = time.perf_counter()
        try:
            if now - undone.made > TOO_LATE:
                raise Refused("too_late")
            ts = await self._do(undone)
        except DoneElsewhere:
            return
        except NotNow as later:
            metrics.NOT_DELIVERED.labels(undone.item.kind, failure_of(later)).inc()
            raise
        except Refused as refused:
            metrics.NOT_DELIVERED.labels(undone.item.kind, failure_of(refused)).inc()
            kind, number, reason = undone.item.kind, undone.item.conversation, refused.reason
            logger.error("given up: %s of conversation %s, Slack said %s", kind, number, reason)
            await self._say_otherwise(undone)
            if kind == "incident_card":
                await asyncio.to_thread(self._write, _not_called, undone.item.body["incident"], now)
            await asyncio.to_thread(self._note, todo.given_up, undone.id, now, reason)
        else:
            if undone.item.kind == "say" and undone.item.thread.ts is None:
                await asyncio.to_thread(self._write, todo.root_done, undone.id, now, ts)
            else:
                await asyncio.to_thread(self._note, todo.done, undone.id, now, ts)
            self._tell(undone, ts, began)

    def _tell(self, undone: Undone, ts: str | None, began: float) -> None:
        """The line of what was delivered."""
        item, work = undone.item, correlation.current()
        if ts is None and item.kind in ("open_case", "add_to_case"):
            return  # it waits for others, or was not needed
        metrics.DELIVERED.labels(item.kind).inc()
        waited = work.waited(self._clock().timestamp()) if work else None
        if work and not work.has_replied:
            work.has_replied = True
            if waited is not None:
                metrics.UNTIL_REPLIED.labels(work.kind).observe(waited)
        case = item.body.get("case") or (f"C-{item.conversation}" if item.conversation else None)
        told = fields(
            kind=item.kind,
            case=case,
            ts=ts,
            tries=work.tries if work else None,
            ms=correlation.since(began),
            waited_ms=round(waited * 1000) if waited is not None else None,
        )
        logger.info("delivered", extra=told)

    async def _say_otherwise(self, undone: Undone) -> None:
        """What is said where Slack did not take an item: to the person, and in the card's thread."""
        item, body = undone.item, undone.item.body
        if otherwise := body.get("otherwise"):
            with contextlib.suppress(Refused, DoneElsewhere):
                await self._posting.post(item.thread, otherwise, undone, f"{undone.name}-otherwise")
        if item.kind == "pass_file" and (lost := body.get("lost")):
            with contextlib.suppress(Refused, DoneElsewhere):
                await self._correct(undone, body["line"], lost)

    async def _correct(self, undone: Undone, slot: str, lost: Mapping[str, Any]) -> None:
        """This stands in the card's thread in place of what was said there in the slot."""
        line = await asyncio.to_thread(self._read, todo.said_in_slot, undone.item.conversation, slot)
        if await self._posting.changed(line, lost):
            return
        place = await self._root(undone) or Thread(self._helpdesk_channel(), None)
        await self._posting.post(place, lost, undone, f"{undone.name}-lost")

    async def suggest(self, channel: str, prompts: Mapping[str, str]) -> None:
        """Offers examples above an empty talk, title -> message, where Slack can show them."""
        shown = [{"title": title, "message": message} for title, message in prompts.items()]
        try:
            with understood():
                await self._slack.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=shown)
        except (NotNow, Refused) as refused:
            logger.debug("no prompts were suggested: %s", refused.reason)

    async def _do(self, undone: Undone) -> str | None:
        item = undone.item
        match item.kind:
            case "say":
                return await self._say(undone)
            case "whisper":
                return await self._whisper(undone)
            case "open_case":
                return await self._open_case(undone)
            case "add_to_case":
                return await self._add_to_case(undone)
            case "pass_file":
                return await self._pass_file(undone)
            case "cards_together":
                return await self._posting.post(item.thread, item.body, undone)
            case "incident_card":
                return await self._incident_card(undone)
            case "unsay":
                await self._unsay(undone)
                return None
            case "check":
                raise AssertionError("files are checked, not sent")
            case _:
                assert_never(item.kind)

    async def _whisper(self, undone: Undone) -> str | None:
        """Says it to one person alone. Where that cannot be, in their talk with the bot, if the item names it
        (`instead`); an empty one says that it is not worth that."""
        item = undone.item
        try:
            with understood():
                await self._slack.chat_postEphemeral(
                    channel=item.thread.channel,
                    user=item.person,
                    thread_ts=item.thread.ts,
                    **content(item.body),
                )
        except Refused:
            match item.body.get("instead"):
                case None:
                    raise
                case "":
                    return None
                case talk:
                    return await self._posting.post(Thread(talk, None), item.body, undone)
        return None

    async def _say(self, undone: Undone) -> str:
        item = undone.item
        if ts := await self._posting.changed(await self._earlier(undone), item.body):
            return ts
        return await self._posting.post(item.thread, item.body, undone)

    async def _earlier(self, undone: Undone) -> Thread | None:
        """The message that this one replaces."""
        item = undone.item
        if ts := item.body.get("replaces"):
            return Thread(item.thread.channel, ts)
        if item.slot is None or item.conversation is None:
            return None
        return await asyncio.to_thread(self._read, todo.said_in_slot, item.conversation, item.slot)

    async def _incident_card(self, undone: Undone) -> str:
        body = undone.item.body
        card = await asyncio.to_thread(self._read, incident_places.card_place, body["incident"])
        if changed := await self._posting.changed(card, body):
            return changed
        channel = self._helpdesk_channel()
        ts = await self._posting.post(Thread(channel, None), body, undone)
        await asyncio.to_thread(self._write, incident_places.keep_place, body["incident"], channel, ts)
        return ts

    async def _open_case(self, undone: Undone) -> str | None:
        item = undone.item
        if item.body.get("only_if_there") and await self._card(undone) is None:
            return None
        card = await self._card(undone)
        if card is None and not item.body.get("waited") and await self._waits(undone):
            return None
        body = {**item.body, "blocks": await self._with_link(undone)}
        if changed := await self._posting.changed(card, body):
            return changed
        channel, root = self._helpdesk_channel(), None
        if event := item.body.get("together"):
            root = await asyncio.to_thread(self._read, todo.root_of, event)
        ts = await self._posting.post(Thread(channel, root), body, undone)
        await asyncio.to_thread(
            self._write, todo.keep_card, item.conversation, item.body["case"], channel, ts, root
        )
        return ts

    async def _waits(self, undone: Undone) -> bool:
        """Whether a new card waits for others, because many came within a minute."""
        self._helpdesk_channel()
        return await asyncio.to_thread(self._write, storm.holds, undone, self._clock(), self._new_cards)

    async def _add_to_case(self, undone: Undone) -> str | None:
        item, body = undone.item, undone.item.body
        if "lost" in body:
            body = await asyncio.to_thread(self._read, truth.as_it_is, item)
        if changed := await self._posting.changed(await self._earlier(undone), body):
            return changed
        card = await self._root(undone)
        if card is None and await asyncio.to_thread(self._write, storm.holds_too, undone, self._clock()):
            return None
        return await self._posting.post(card or Thread(self._helpdesk_channel(), None), body, undone)

    async def _pass_file(self, undone: Undone) -> str | None:
        """Uploads the file and shows it. How far it came is kept, so that nobody gets it twice. Gives the
        upload's id, if it can be taken back."""
        body, name = undone.item.body, undone.item.body["name"]
        card = None if body["to_employee"] else await self._root(undone)
        is_for_card = card is None and not body["to_employee"]
        if is_for_card and await asyncio.to_thread(self._write, storm.holds_too, undone, self._clock()):
            return None
        place = undone.item.thread
        if not body["to_employee"]:
            place = card or Thread(self._helpdesk_channel(), None)
        upload: str | None = body.get("upload")
        if upload and await self._passing.is_shared(upload, place):
            return upload if undone.item.slot else None
        if not upload:
            upload = await self._passing.upload(body["id"], name)
            await asyncio.to_thread(self._note, todo.note_upload, undone.id, body | {"upload": upload})
        await self._passing.share(upload, name, place)
        return upload if undone.item.slot else None

    async def _unsay(self, undone: Undone) -> None:
        """Deletes what was said, or the file; who finds it gone is content."""
        if said := await self._earlier(undone):
            if undone.item.body.get("is_file"):
                await self._passing.delete(said.ts or "")
                return
            try:
                with understood():
                    await self._slack.chat_delete(channel=said.channel, ts=said.ts or "")
            except Refused as refused:
                if refused.reason != "message_not_found":
                    raise

    async def _with_link(self, undone: Undone) -> list[dict[str, Any]]:
        """The card's blocks, the last one a link to the person's thread."""
        item = undone.item
        shown: list[dict[str, Any]] = item.body["blocks"]
        place = await asyncio.to_thread(self._read, todo.place_of, item)
        try:
            with understood():
                answer = await self._slack.chat_getPermalink(channel=place.channel, message_ts=place.ts or "")
        except Refused:
            return shown
        link = f"<{answer['permalink']}|{self._open_thread[item.body['language']]}>"
        context = {"type": "context", "elements": [{"type": "mrkdwn", "text": link}]}
        linked = [*shown, context]
        return shown if block_problems(linked) else linked  # what is known matters more than the link

    async def _card(self, undone: Undone) -> Thread | None:
        item = undone.item
        return await asyncio.to_thread(self._read, todo.card, item.conversation, item.body["case"])

    async def _root(self, undone: Undone) -> Thread | None:
        """The thread in which the case, or the incident that it is part of, is spoken of."""
        item = undone.item
        if number := item.body.get("incident"):
            return await asyncio.to_thread(self._read, incident_places.card_place, number)
        return await asyncio.to_thread(self._read, todo.card_thread, item.conversation, item.body["case"])

    def _helpdesk_channel(self) -> str:
        if self._helpdesk is None:
            raise Refused("no_helpdesk_channel")
        return self._helpdesk

    def _read(self, question: Any, *arguments: Any) -> Any:
        with self._engine.begin() as connection:
            return question(connection, *arguments)

    _write = _read

    def _note(self, change: Any, *arguments: Any) -> None:
        """One statement is a transaction by itself, without two more round trips."""
        with self._engine.connect() as connection:
            change(connection.execution_options(isolation_level="AUTOCOMMIT"), *arguments)


def _not_called(connection: Connection, incident: int, at: datetime) -> None:
    """Where no card stands, everybody in the incident hears that nobody was called."""
    if incident_places.card_place(connection, incident) is None:
        incidents.not_called(connection, incident, at)
