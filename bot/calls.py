"""Our calls of Slack's Web API: the client, and what its refusals mean."""

import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Literal

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import metrics
from bot.way_out import WayOut

# "It's possible some aspect of the operation succeeded before the error was raised", say Slack's pages.
IN_DOUBT = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})

# Slack's words for a refusal that may pass; a wrong token too: somebody will put it right.
UNAUTHORISED = frozenset(
    {
        *("invalid_auth", "not_authed", "token_expired", "token_revoked", "account_inactive"),
        *("org_login_required", "ekm_access_denied"),
    }
)
RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
PASSING = IN_DOUBT | UNAUTHORISED | RATE_LIMITED | frozenset({"team_added_to_org"})

ITS_TURN = "its turn in this channel has not come"

Failure = Literal["rate_limited", "unauthorised", "slack", "network", "pace", "refused", "too_late"]
"""Why a call failed, for counting."""


ANSWERED_WITHIN = 20.0  # seconds


class NotNow(Exception):
    """Slack could not be reached or said later; `after` seconds, if it said when.

    `in_doubt`: it may have done what it was asked for all the same.
    """

    def __init__(self, reason: str, after: float | None = None, *, in_doubt: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after
        self.in_doubt = in_doubt


class Refused(Exception):
    """Slack refused, and would again; `reason` is Slack's word for it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def failure_of(error: NotNow | Refused) -> Failure:
    """What kind of failure it is."""
    reason = error.reason
    if isinstance(error, Refused):
        return "too_late" if reason == "too_late" else "refused"
    if reason in RATE_LIMITED:
        return "rate_limited"
    if reason == ITS_TURN:
        return "pace"
    if reason in UNAUTHORISED:
        return "unauthorised"
    return "slack" if reason in PASSING or reason.startswith("status ") else "network"


class _Timed(AsyncWebClient):
    """A client that measures each call."""

    async def api_call(self, api_method: str, **given: Any) -> AsyncSlackResponse:
        began, result = time.perf_counter(), "network"
        try:
            answer = await super().api_call(api_method, **given)
            result = "ok"
            return answer
        except SlackApiError as error:
            result = failure_of(_meaning(error))
            raise
        finally:
            metrics.SLACK_CALLS.labels(api_method, result).observe(time.perf_counter() - began)


@asynccontextmanager
async def web_client(address: str, token: str, way: WayOut) -> AsyncIterator[AsyncWebClient]:
    """A client with connections that stay open.

    It tries nothing again by itself: a message must not come twice, and the queue knows when to try again.
    """
    async with way.session("api", aiohttp.ClientTimeout(total=ANSWERED_WITHIN)) as session:
        quiet = logging.getLogger("slack_sdk.web")
        quiet.setLevel(logging.WARNING)  # else it prepares each request's text, to log it or not
        no_retries: list[AsyncRetryHandler] = []
        made = _Timed(token, address, session=session, logger=quiet, retry_handlers=no_retries)
        made.proxy = way.proxy_for(address)  # it took HTTPS_PROXY, whatever NO_PROXY says
        yield made


@contextmanager
def understood() -> Iterator[None]:
    """Turns whatever a call of Slack's client raises into NotNow or Refused, without what was said."""
    try:
        yield
    except SlackApiError as error:
        raise _meaning(error) from None
    except (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError) as error:
        raise NotNow(_kind(error)) from None
    except (aiohttp.ClientError, OSError) as error:  # a connection that broke, an answer that did not come
        raise NotNow(_kind(error), in_doubt=True) from None


def _kind(error: Exception) -> str:
    """The kind of error, in a form that the log lets through."""
    name = type(error).__name__
    return name if len(name) <= 24 else name.removeprefix("ClientConnector").removeprefix("Client")


def _meaning(error: SlackApiError) -> NotNow | Refused:
    status: int = getattr(error.response, "status_code", 0) or getattr(error.response, "status", 0)
    data = getattr(error.response, "data", None)
    reason = str(data.get("error") or "") if isinstance(data, dict) else ""
    if status == 429:
        return NotNow("ratelimited", _retry_after(error))
    if status >= 500 or not reason or reason in PASSING:
        return NotNow(reason or f"status {status}", in_doubt=not reason or reason in IN_DOUBT)
    return Refused(reason)


def _retry_after(error: SlackApiError) -> float | None:
    try:
        return float(error.response.headers["Retry-After"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
