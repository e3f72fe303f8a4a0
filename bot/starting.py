"""What runs until it is told to stop: the local workspace, the bot over HTTP, the bot over Socket Mode."""

from bot import local
from bot.admission import require_tokens
from bot.database import Database
from bot.environment import BadSettings, Mode, sound_settings
from bot.running import loaded, running
from bot.serve import connected, over_http, socket_mode, told_to_stop
from bot.settings import Settings
from bot.slack import slack_app
from bot.way_out import way_out
from bot.web import web_app


async def run_local(settings: Settings, found: Database) -> None:
    """The workspace, until it is told to stop."""
    stop = told_to_stop()
    async with local.local_workspace(settings, found.address, alone=found.is_embedded) as address:
        print(local.told(settings, address), flush=True)
        await stop.wait()


async def run_serve(settings: Settings, found: Database) -> None:
    """The bot over HTTP, until it is told to stop."""
    assert settings.slack_bot_token
    assert settings.slack_signing_secret
    stop = told_to_stop()
    book, trust = loaded(settings)
    await require_tokens(settings, sockets=False)
    async with running(settings, found.address, book, trust, alone=found.is_embedded) as bot:
        app = slack_app(
            bot.road.accept,
            bot_token=settings.slack_bot_token.get_secret_value(),
            signing_secret=settings.slack_signing_secret.get_secret_value(),
        )
        async with over_http(web_app(app, bot.health), settings.host, settings.port) as address:
            print(f"{address}/slack/events", flush=True)
            await stop.wait()
            bot.health.stop()


async def run_socket(settings: Settings, found: Database) -> None:
    """The bot over Socket Mode, until it is told to stop; HTTP is only for who watches it."""
    assert settings.slack_bot_token
    assert settings.slack_app_token
    stop = told_to_stop()
    book, trust = loaded(settings)
    await require_tokens(settings, sockets=True)
    async with running(settings, found.address, book, trust, alone=found.is_embedded) as bot:
        app = slack_app(bot.road.accept, bot_token=settings.slack_bot_token.get_secret_value())
        token = settings.slack_app_token.get_secret_value()
        async with over_http(web_app(None, bot.health), settings.host, settings.port) as address:
            handler = socket_mode(app, token, settings.slack_api_url, way_out(settings))
            bot.health.needs("no WebSocket to Slack", handler.client.is_connected)
            async with connected(handler, stop):
                if not stop.is_set():
                    print(f"Socket Mode; {address}/readyz", flush=True)
                await stop.wait()
                bot.health.stop()


def with_all_faults(bad: BadSettings, mode: Mode) -> BadSettings:
    """The settings' faults, and those of the tables and roots that are read next, so that all can be mended
    at once."""
    if mode == "migrate" or not bad.faults:
        return bad
    try:
        loaded(sound_settings(bad.faults), local.EXAMPLE_COMPANY if mode == "local" else None)
    except BadSettings as further:
        return BadSettings(f"{bad}\n\n{further}", bad.faults)
    return bad
