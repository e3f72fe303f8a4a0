"""Delivers events, clicks, dialogs and commands to the app: signed requests over HTTP, or Socket Mode.

Sources: https://docs.slack.dev/apis/events-api/ (3 seconds, retries),
https://docs.slack.dev/authentication/verifying-requests-from-slack/ (signature).
"""

import asyncio
import hashlib
import hmac
import json
import uuid
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

import aiohttp

from bot.workspace.sockets import NotAcknowledged, Sockets
from bot.workspace.wire import Json

Kind = Literal["events_api", "interactive", "slash_commands"]

Outcome = Literal["retrying", "failed", "resolved"]
"""What becomes of something that was not taken at once."""

RETRY_INTERVALS = (0.0, 60.0, 300.0)
ACKNOWLEDGE_WITHIN = 3.0
DELIVERIES_KEPT = 10_000


class NotDelivered(Exception):
    """The app did not take it; the text is Slack's word for the reason."""

    def __init__(self, reason: str, *, retry: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry


@dataclass(frozen=True)
class Delivery:
    """One attempt and how it ended."""

    kind: Kind
    id: str
    """Of an event its `event_id`, else the envelope's."""
    attempt: int
    outcome: str
    """`acknowledged`, or the reason that Slack gives for a retry."""


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """The value of X-Slack-Signature, version 0."""
    base = b"v0:" + str(timestamp).encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Courier:
    """Takes what happened to the app and keeps to Slack's times: three seconds, three retries of events."""

    def __init__(
        self,
        *,
        sockets: Sockets,
        signing_secret: str,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        retry_intervals: Sequence[float] = RETRY_INTERVALS,
        acknowledge_within: float = ACKNOWLEDGE_WITHIN,
    ) -> None:
        self.url: str | None = None
        """Where the app listens; None: over Socket Mode."""
        self.deliveries: deque[Delivery] = deque(maxlen=DELIVERIES_KEPT)
        self._sockets = sockets
        self._secret = signing_secret
        self._clock = clock
        self._sleep = sleep
        self._intervals = retry_intervals
        self._within = acknowledge_within
        self._session: aiohttp.ClientSession | None = None

    async def event(self, payload: Json, news: Callable[[Outcome], None]) -> bool:
        """Delivers an event, again and again if it must be; true once it is acknowledged.

        `news` hears when the immediate retry has failed too, when it was resolved, and when it is given up.
        """
        envelope_id = str(uuid.uuid4())
        reason = ""
        try:
            for attempt in range(len(self._intervals) + 1):
                if attempt:
                    await self._pause(self._intervals[attempt - 1])
                try:
                    await self._send("events_api", payload, envelope_id, attempt, reason)
                except NotDelivered as problem:
                    reason = problem.reason
                    last = attempt == len(self._intervals) or not problem.retry
                    if last or attempt == 1:
                        news("failed" if last else "retrying")
                    if last:
                        return False
                else:
                    news("resolved")
                    return True
        finally:
            self._sockets.forget(envelope_id)
        return False

    async def interaction(self, kind: Kind, payload: Json) -> Json:
        """Delivers a click, a dialog or a command, once, and gives the app's answer; raises NotDelivered."""
        envelope_id = str(uuid.uuid4())
        try:
            return await self._send(kind, payload, envelope_id, 0, "")
        finally:
            self._sockets.forget(envelope_id)

    async def verify_url(self) -> bool:
        """Whether the app echoes the challenge that Slack sends when its URL is entered."""
        challenge = uuid.uuid4().hex
        payload = {"type": "url_verification", "token": "local", "challenge": challenge}
        answer = await self._send("events_api", payload, "", 0, "")
        return challenge in (answer.get("challenge"), answer.get("text"))

    async def close(self) -> None:
        """Closes the connections to the app."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _pause(self, seconds: float) -> None:
        """Waits; a socket that connects ends the wait, as what was not acknowledged then comes again."""
        waits = [asyncio.ensure_future(self._sleep(seconds))]
        if self.url is None:
            waits.append(asyncio.ensure_future(self._sockets.connects()))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _send(self, kind: Kind, payload: Json, envelope_id: str, attempt: int, reason: str) -> Json:
        name = payload.get("event_id", envelope_id)
        try:
            if self.url is None:
                answer = await self._over_socket(kind, payload, envelope_id, attempt, reason)
            else:
                answer = await self._over_http(self.url, kind, payload, attempt, reason)
        except NotDelivered as problem:
            self.deliveries.append(Delivery(kind, name, attempt, problem.reason))
            raise
        self.deliveries.append(Delivery(kind, name, attempt, "acknowledged"))
        return answer

    async def _over_socket(
        self, kind: Kind, payload: Json, envelope_id: str, attempt: int, reason: str
    ) -> Json:
        envelope = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        try:
            return await self._sockets.send(envelope, self._within)
        except NotAcknowledged as problem:
            raise NotDelivered(str(problem)) from None

    async def _over_http(self, url: str, kind: Kind, payload: Json, attempt: int, reason: str) -> Json:
        if kind == "events_api":
            body, content_type = json.dumps(payload).encode(), "application/json"
        else:
            form = {"payload": json.dumps(payload)} if kind == "interactive" else payload
            body, content_type = urlencode(form).encode(), "application/x-www-form-urlencoded"
        timestamp = int(self._clock())
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": str(timestamp),
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        if self._session is None:
            # The app may close an idle connection after 5 seconds (uvicorn); a click is not sent twice.
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=2)
            self._session = aiohttp.ClientSession(connector=connector)
        try:
            async with (
                asyncio.timeout(self._within),
                self._session.post(url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                text = await response.text(errors="replace")
        except TimeoutError:
            raise NotDelivered("http_timeout") from None
        except (aiohttp.ClientError, OSError):
            raise NotDelivered("connection_failed") from None
        if not 200 <= response.status < 300:
            retry = response.headers.get("X-Slack-No-Retry") != "1"
            raise NotDelivered("http_error", retry=retry)
        return _answer(text)


def _answer(text: str) -> Json:
    """What the app said beside 200: JSON, or a text that stands for a message."""
    try:
        answer = json.loads(text)
    except ValueError:
        return {"text": text} if text else {}
    return answer if isinstance(answer, dict) else {}
