"""What a small Slack consists of, who may see what of it, and how the app is told."""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

from bot.workspace import payloads
from bot.workspace.calls import Call
from bot.workspace.deliver import ACKNOWLEDGE_WITHIN, RETRY_INTERVALS, Courier, Outcome
from bot.workspace.faults import Faults
from bot.workspace.feed import Feed
from bot.workspace.grants import Grants
from bot.workspace.installed import Installed
from bot.workspace.people import (
    BOT_USER,
    PEOPLE,
    TEAM,
    Channel,
    Person,
    channels_of,
    names_of,
)
from bot.workspace.refusal import Refused
from bot.workspace.sockets import Sockets
from bot.workspace.state import File, State, as_shown
from bot.workspace.tickets import Uploads
from bot.workspace.wire import Json

Found = TypeVar("Found")
Sample = tuple[str, bytes, str, str]
"""A file to try: its name, its bytes, its title in Japanese and in English."""

CALLS_KEPT = 20_000
SAVE_AFTER = 0.2


class Ground:
    """People, channels, messages and files of a small Slack, and the app that is installed in it.

    `app` is what its manifest declares; without it the app may do and hear everything. `event_url` is where
    it takes events over HTTP; without it, the app uses Socket Mode. Times are in seconds; `clock` is the
    machine's and `sleep` what the retries wait by.
    """

    def __init__(
        self,
        *,
        people: Sequence[Person] = PEOPLE,
        samples: Sequence[Sample] = (),
        app: Installed | None = None,
        folder: Path | None = None,
        event_url: str | None = None,
        bot_token: str = "",
        app_token: str = "",
        signing_secret: str = "",
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        retry_intervals: Sequence[float] = RETRY_INTERVALS,
        acknowledge_within: float = ACKNOWLEDGE_WITHIN,
    ) -> None:
        self.address = ""
        """Where it is served, such as http://127.0.0.1:8065; known once it is."""
        self.bot_token = bot_token or f"xoxb-{secrets.token_hex(16)}"
        self.app_token = app_token or f"xapp-{secrets.token_hex(16)}"
        self.signing_secret = signing_secret or secrets.token_hex(16)
        self.refused_tokens: dict[str, str] = {}
        """Tokens that are no longer good, with Slack's word for it, such as `token_revoked`."""
        self.app_token_scopes = frozenset({"connections:write"})
        self.is_socket_mode_on = True
        """The switch on the app's page."""
        self.clock = clock
        self.people = {person.id: person for person in people}
        self.channels = channels_of(people)
        self.offer(samples)
        self.app = app or Installed(home=True)
        self.state = State(clock, folder)
        self.state.load()
        self.feed = Feed()
        self.faults = Faults()
        self.grants = Grants(clock)
        self.sockets = Sockets(clock)
        self.courier = Courier(
            sockets=self.sockets,
            signing_secret=self.signing_secret,
            clock=clock,
            sleep=sleep,
            retry_intervals=retry_intervals,
            acknowledge_within=acknowledge_within,
        )
        self.courier.url = event_url
        self.uploads = Uploads()
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.statuses: dict[tuple[str, str], str] = {}
        self.prompts: dict[tuple[str, str], Json] = {}
        self.visits: dict[str, tuple[str, str]] = {}
        self.names = names_of(people, self.channels.values())
        self._tasks: set[asyncio.Task[bool]] = set()
        self._in_doubt: set[str] = set()
        self._saving: asyncio.TimerHandle | None = None

    @property
    def event_url(self) -> str | None:
        """Where the app takes events over HTTP; None: it uses Socket Mode."""
        return self.courier.url

    @event_url.setter
    def event_url(self, url: str | None) -> None:
        self.courier.url = url

    def offer(self, samples: Sequence[Sample]) -> None:
        """Offers these files to try."""
        self.samples = {sample[0]: sample for sample in samples}

    # What is there

    def person(self, user: str) -> Person:
        """The person with this id; raises Refused."""
        if user not in self.people:
            raise Refused("user_not_found")
        return self.people[user]

    def channel(self, channel: str, user: str = BOT_USER) -> Channel:
        """The channel with this id, if the user is in it; raises Refused."""
        found = self.channels.get(channel)
        if found is None:
            raise Refused("channel_not_found")
        if user not in found.members:
            public = user == BOT_USER and found.is_public
            raise Refused("not_in_channel" if public else "channel_not_found")
        return found

    def is_apps(self, file: File) -> bool:
        """Whether the app may have this file: its own, or one of a place that it is in."""
        place = self.channels.get(file.channel)
        return place.has_bot if place is not None else file.user == BOT_USER

    def people_in(self, channel: str) -> list[Person]:
        """The people who see the channel."""
        place = self.channels.get(channel)
        return [person for person in self.people.values() if place is not None and person.id in place.members]

    def channels_for(self, user: str) -> list[Channel]:
        """The channels that the user is in."""
        return [channel for channel in self.channels.values() if user in channel.members]

    def messages(self, channel: str) -> list[Json]:
        """The messages of a channel that everybody in it sees, in the order of time."""
        return [as_shown(message) for message in self.state.messages.get(channel, {}).values()]

    def ephemerals(self, channel: str, user: str) -> list[Json]:
        """The messages of a channel that only this user sees."""
        return [as_shown(m) for m in self.state.ephemerals.get(channel, {}).values() if m["_for"] == user]

    def calls_to(self, method: str) -> list[Call]:
        """The calls of one method, in the order in which they were answered."""
        return [call for call in self.calls if call.method == method]

    async def wait_for(self, predicate: Callable[[], Found], timeout: float = 5.0) -> Found:
        """What the predicate gives once that is true; asked after each change. Raises TimeoutError."""
        return await self.feed.wait_for(predicate, timeout)

    def told_time(self) -> Json:
        """The workspace's own time and how far it is ahead of the machine's, both in seconds."""
        return {"now": self.state.time(), "ahead": self.state.ahead}

    # The app

    def send_event(self, event: Json, shown: Json | None = None) -> None:
        """Sends an event to the app; if it fails, the page says so at the message that is `shown`."""
        place = self.channels[event.get("channel") or event["channel_id"]]
        if not place.has_bot or not self.app.hears(event):
            return
        event_id = f"Ev{secrets.token_hex(5).upper()}"
        about = event.get("message") or event.get("previous_message") or event
        author = self.people.get(about.get("user") or about.get("user_id") or "")
        team = author.team if author else TEAM
        payload = payloads.event_callback(event, event_id, self.state.time(), team=team, shared=place.shared)

        def news(outcome: Outcome) -> None:
            if shown is not None and shown["user"] in self.people:
                self.tell_delivery(shown["user"], event["channel"], shown["ts"], outcome)

        for _ in range(1 + self.faults.copies()):
            task = asyncio.ensure_future(self.courier.event(payload, news))
            self._tasks.add(task)
            task.add_done_callback(self._settled)

    def tell_delivery(self, user: str, channel: str, ts: str, outcome: Outcome) -> None:
        """Lets the user's page say at a message whether the app got it, if that was ever in doubt."""
        if not ts or (outcome == "resolved" and ts not in self._in_doubt):
            return
        if outcome == "resolved":
            self._in_doubt.discard(ts)
        else:
            self._in_doubt.add(ts)
        flags = {"retrying": outcome == "retrying", "resolved": outcome == "resolved"}
        self.feed.tell([user], {"type": "delivery_failed", "channel": channel, "ts": ts, **flags})

    def _settled(self, task: asyncio.Task[bool]) -> None:
        self._tasks.discard(task)
        self.feed.changed()

    @property
    def under_way(self) -> int:
        """How many events are not acknowledged yet, and not given up."""
        return len(self._tasks)

    def response_url(self, user: str, channel: str, ts: str | None = None) -> str:
        """A response_url that leads to this message, or to the channel."""
        return f"{self.address}/actions/{TEAM}/{self.grants.response_place(user, channel, ts)}"

    # Keeping

    def save_soon(self) -> None:
        """Keeps what there is, a moment from now."""
        if self.state.folder is not None and self._saving is None:
            self._saving = asyncio.get_running_loop().call_later(SAVE_AFTER, self._save)

    def _save(self) -> None:
        self._saving = None
        self.state.save()

    async def close(self) -> None:
        """Ends what is under way and keeps what there is."""
        if self._saving is not None:
            self._saving.cancel()
            self._save()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.feed.close()
        await self.sockets.close()
        await self.courier.close()
