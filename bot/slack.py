"""The Bolt app: everything that Slack sends is accepted, written down and only then acknowledged."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot import metrics
from bot.accepted import Answer, Commanded, Kept, Wanted
from bot.correlation import REPEAT, repeat_of
from bot.payloads import accepted

logger = logging.getLogger(__name__)

Accept = Callable[[Kept | Commanded | Wanted], Awaitable[Answer | None]]


def slack_app(
    accept: Accept,
    *,
    bot_token: str,
    signing_secret: str = "",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncApp:
    """The app; over HTTP it needs the signing secret, over Socket Mode it does not.

    It is one middleware, the last: what Bolt does for listeners would be in the way. Before them it answers
    what it then forgets (unless told otherwise), and to what none of them awaits it says 404, so that Slack
    sends it again. Bolt would also ask Slack who it is before it lets the first event in (hence `authorize`).
    What `accept` gives is told together with the acknowledgement. If it fails, Slack gets 500 and sends the
    event again.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=bot_token)

    before = logging.root.manager.disable
    logging.disable(logging.WARNING)  # Bolt warns at each start that it does not use SLACK_BOT_TOKEN
    try:
        app = AsyncApp(
            name="slack_bolt",  # Bolt sets the level of the logger of that name, and of all below it
            logger=_quiet_logger(),
            client=AsyncWebClient(logger=_quiet_logger()),
            authorize=authorize,
            signing_secret=signing_secret,
            process_before_response=True,
            ignoring_self_events_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
    finally:
        logging.disable(before)

    async def hear(
        request: AsyncBoltRequest, body: dict[str, Any], ack: Callable[..., Awaitable[BoltResponse]]
    ) -> BoltResponse:
        if repeat := repeat_of(request.headers):
            metrics.REPEATED.labels(repeat.reason).inc()
        REPEAT.set(repeat)  # each request is a task of its own, or sets it anew
        if (event := accepted(body, clock())) and (answer := await accept(event)):
            return await ack(dict(answer))
        return await ack()

    app.use(hear)

    async def broke(error: Exception) -> BoltResponse:
        metrics.NOT_ACCEPTED.inc()
        logger.error("an event could not be accepted: %s", error)
        return BoltResponse(status=500, body="")

    app.error(broke)
    return app


def _quiet_logger() -> logging.Logger:
    """Bolt reads the level of this very logger and prepares texts for it, whole requests among them."""
    quiet = logging.getLogger("slack_bolt")
    quiet.setLevel(logging.WARNING)
    return quiet
