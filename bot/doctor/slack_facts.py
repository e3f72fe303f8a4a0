"""Asks Slack: whether it takes the tokens, what they may do, and what the helpdesk's channel is like."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import files
from bot.calls import web_client
from bot.doctor.facts import Answer, Slack
from bot.settings import Settings
from bot.way_out import LOOPBACK, way_out

MANIFEST = Path(__file__).parents[1] / "manifest.json"
ANSWERED_WITHIN = 10.0  # seconds

_CHANNEL = ("is_private", "is_archived", "is_member", "is_ext_shared", "is_pending_ext_shared")

Call = Callable[[AsyncWebClient], Awaitable[Any]]


async def slack(settings: Settings) -> Slack | None:
    """What Slack says of the app; None without a bot token."""
    if settings.slack_bot_token is None:
        return None
    token = settings.slack_bot_token.get_secret_value()
    app = settings.slack_app_token
    (bot, response), opened, channel, hosts = await asyncio.gather(
        _asked(settings, token, lambda slack: slack.auth_test()),
        _opened(settings, app.get_secret_value()) if app else _nothing(),
        _channel(settings, token) if settings.helpdesk_channel else _nothing(),
        _file_hosts(settings),
    )
    headers = getattr(response, "headers", None) or {}
    return Slack(
        bot=Answer(bot.error, bot.away, _words(response, ("team", "user"))),
        scopes=_scopes(headers),
        needed=needed_scopes(),
        clock_ahead=_ahead(headers),
        app=opened,
        channel=channel,
        file_hosts=hosts,
    )


def needed_scopes() -> frozenset[str]:
    """What the manifest asks for."""
    manifest = json.loads(MANIFEST.read_bytes())
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


async def _nothing() -> None:
    return None


async def _opened(settings: Settings, token: str) -> Answer:
    answer, response = await _asked(
        settings, token, lambda slack: slack.apps_connections_open(app_token=token)
    )
    told = (_data(response).get("response_metadata") or {}).get("messages") or ()
    return Answer(answer.error, answer.away, warnings=tuple(str(one) for one in told))


async def _channel(settings: Settings, token: str) -> Answer:
    channel = settings.helpdesk_channel or ""
    answer, response = await _asked(settings, token, lambda slack: slack.conversations_info(channel=channel))
    shown = _data(response).get("channel") or {}
    return Answer(answer.error, answer.away, {name: bool(shown.get(name)) for name in _CHANNEL})


async def _asked(settings: Settings, token: str, call: Call) -> tuple[Answer, Any]:
    """How Slack answered, and its response if there was one."""
    try:
        opened = web_client(settings.slack_api_url, token, way_out(settings))
        async with asyncio.timeout(ANSWERED_WITHIN), opened as client:
            return Answer(), await call(client)
    except SlackApiError as error:
        word = str(_data(error.response).get("error") or "")
        status = int(getattr(error.response, "status_code", 0) or 0)
        if status == 429:
            return Answer(away="ratelimited"), error.response
        if status >= 500 or not re.fullmatch(r"[a-z_]{1,60}", word):
            return Answer(away="broken"), error.response
        return Answer(error=word), error.response
    except (aiohttp.ClientError, OSError) as error:
        return Answer(away=_why(error)), None


def _why(error: Exception) -> str:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "name"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError():
            return "certificate"
        case aiohttp.ClientHttpProxyError() | aiohttp.ClientProxyConnectionError():
            return "proxy"
        case TimeoutError():
            return "timeout"
        case _:
            return "unreachable"


def _data(response: Any) -> Mapping[str, Any]:
    data = getattr(response, "data", None)
    return data if isinstance(data, dict) else {}


def _words(response: Any, names: tuple[str, ...]) -> dict[str, str | bool]:
    told = {name: str(_data(response).get(name, "?")) for name in names}
    return {name: "".join(c if c.isprintable() else "?" for c in text) for name, text in told.items()}


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return next((value for key, value in headers.items() if key.lower() == name), None)


def _scopes(headers: Mapping[str, str]) -> frozenset[str] | None:
    told = _header(headers, "x-oauth-scopes")
    return None if told is None else frozenset(one.strip() for one in told.split(",") if one.strip())


def _ahead(headers: Mapping[str, str]) -> timedelta | None:
    try:
        return datetime.now(UTC) - parsedate_to_datetime(_header(headers, "date") or "")
    except ValueError:
        return None


async def _file_hosts(settings: Settings) -> dict[str, str]:
    """Each host of files and why it does not answer; the token is not shown to it."""
    async with files.client(way_out(settings)) as client:
        names = [f"{host}:{port}" for host, port in settings.slack_file_hosts]
        found = await asyncio.gather(*(_reached(client, name) for name in names))
    return dict(zip(names, found, strict=True))


async def _reached(client: httpx.AsyncClient, host: str) -> str:
    scheme = "http" if urlsplit(f"http://{host}/").hostname in LOOPBACK else "https"
    try:
        async with asyncio.timeout(ANSWERED_WITHIN), client.stream("GET", f"{scheme}://{host}/"):
            return ""
    except httpx.ProxyError:
        return "proxy"
    except (TimeoutError, httpx.TimeoutException):
        return "timeout"
    except httpx.HTTPError as error:
        text = str(error)
        if "CERTIFICATE_VERIFY_FAILED" in text:
            return "certificate"
        return "name" if "Name or service not known" in text or "getaddrinfo" in text else "unreachable"
