"""Our calls of Slack's Web API: the client, and what its refusals mean."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.way_out import WayOut

# "It's possible some aspect of the operation succeeded before the error was raised", say Slack's pages.
IN_DOUBT = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})

# Slack's words for a refusal that may pass; a wrong token too: somebody will put it right.
PASSING = IN_DOUBT | frozenset(
    {
        "ratelimited",
        "rate_limited",
        "team_added_to_org",
        "invalid_auth",
        "not_authed",
        "token_expired",
        "token_revoked",
        "account_inactive",
        "org_login_required",
        "ekm_access_denied",
    }
)


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


@asynccontextmanager
async def web_client(address: str, token: str, way: WayOut) -> AsyncIterator[AsyncWebClient]:
    """A client with connections that stay open.

    It tries nothing again by itself: a message must not come twice, and the queue knows when to try again.
    """
    async with way.session("api", aiohttp.ClientTimeout(total=ANSWERED_WITHIN)) as session:
        quiet = logging.getLogger("slack_sdk.web")
        quiet.setLevel(logging.WARNING)  # else it prepares each request's text, to log it or not
        no_retries: list[AsyncRetryHandler] = []
        made = AsyncWebClient(token, address, session=session, logger=quiet, retry_handlers=no_retries)
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
