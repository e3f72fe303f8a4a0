"""Asks Slack at the start whether it takes our tokens: one that it refuses stops the start, for nothing would
ever come. Slack that cannot be reached stops nothing: it is tried again until it can."""

import asyncio
import logging

from bot.calls import NotNow, Refused, understood, web_client
from bot.environment import BadSettings
from bot.settings import Settings
from bot.tokens import Kind, Refusal, refusal
from bot.way_out import way_out

logger = logging.getLogger(__name__)

ASKED_WITHIN = 5.0  # seconds


async def require_tokens(settings: Settings, *, sockets: bool) -> None:
    """Raises BadSettings with each token that Slack refuses, and its cure; `sockets`: of the two that Socket
    Mode needs, else the bot's alone."""
    faults: list[str] = []
    bot, app = settings.slack_bot_token, settings.slack_app_token if sockets else None
    given: list[tuple[Kind, str]] = [("SLACK_BOT_TOKEN", bot.get_secret_value())] if bot else []
    given += [("SLACK_APP_TOKEN", app.get_secret_value())] if app else []
    for found in await asyncio.gather(*(_refusal(settings, *one) for one in given)):
        if found:
            faults.append(f"{found.ja}。\n{found.cure_ja}。\n{found.en}.\n{found.cure_en}.")
    if faults:
        raise BadSettings("\n\n".join(faults))


async def _refusal(settings: Settings, name: Kind, token: str) -> Refusal | None:
    try:
        client = web_client(settings.slack_api_url, token, way_out(settings))
        async with asyncio.timeout(ASKED_WITHIN), client as slack:
            with understood():
                if name == "SLACK_BOT_TOKEN":
                    await slack.auth_test()
                else:
                    await slack.apps_connections_open(app_token=token)
            return None
    except (NotNow, Refused) as said:
        reason = said.reason
    except TimeoutError:
        reason = "timeout"
    found = refusal(name, reason)
    if found is None:
        logger.warning("Slack does not answer yet (%s); it is tried again until it does", reason)
    return found
