"""The bot with a small Slack on this machine, to try it in a browser: nothing leaves the machine."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.running import loaded, running
from bot.serve import over_http
from bot.settings import Settings
from bot.slack import slack_app
from bot.web import web_app
from bot.workspace.app import serve_workspace
from bot.workspace.installed import read_manifest
from bot.workspace.people import HELPDESK_CHANNEL
from bot.workspace.samples import make_samples
from bot.workspace.workspace import Workspace
from checks.trust import Trust

EXAMPLE_COMPANY = Path(__file__).parent.parent / "knowledge" / "example"
MANIFEST = Path(__file__).parent / "manifest.json"
THIS_MACHINE = "127.0.0.1"


@asynccontextmanager
async def local_workspace(settings: Settings, database: str, *, alone: bool) -> AsyncIterator[str]:
    """Runs workspace and bot while the block runs and gives the page's address.

    Unless the settings name others, the tables are the example company's, and the root that is trusted is
    the samples' own.
    """
    workspace = Workspace(folder=settings.data_dir / "workspace", app=read_manifest(MANIFEST))
    samples = make_samples(workspace.now())
    workspace.offer([(file.name, file.data, file.title["ja"], file.title["en"]) for file in samples.files])
    async with serve_workspace(workspace, port=settings.port) as address:
        settings = settings.model_copy(
            update={
                "https_proxy": None,  # whatever kind it is: nothing leaves the machine
                "http_proxy": None,
                "slack_bot_token": SecretStr(workspace.bot_token),
                "slack_api_url": f"{address}/api/",
                "slack_file_hosts": ((THIS_MACHINE, urlsplit(address).port),),
                "helpdesk_channel": HELPDESK_CHANNEL,
            }
        )
        book, trust = loaded(settings, EXAMPLE_COMPANY)
        if not settings.trust_roots:
            trust = trust.joined(Trust.of([samples.root], [samples.intermediate]))
        async with running(settings, database, book, trust, alone=alone, clock=workspace.now) as bot:
            app = slack_app(
                bot.road.accept,
                bot_token=workspace.bot_token,
                signing_secret=workspace.signing_secret,
                clock=workspace.now,
            )
            async with over_http(web_app(app, bot.health), THIS_MACHINE, 0) as endpoint:
                workspace.event_url = f"{endpoint}/slack/events"
                yield address


def told(settings: Settings, address: str) -> str:
    """What is said at the start: where the page is, and what it uses; first in Japanese, then in English."""
    data = settings.data_dir
    tables = settings.knowledge_dir or os.path.relpath(EXAMPLE_COMPANY)
    database = "DATABASE_URL" if settings.database_url else data / "postgres"
    return (
        f"ブラウザーで開いてください / Open in your browser:  {address}\n"
        "Slack の設定がないので、このマシンの中だけで動いています。"
        f"会社の表: {tables}、データベース: {database}\n"
        f"No Slack settings, so everything stays on this machine. Tables: {tables}, database: {database}\n"
        "終了は Ctrl-C / Ctrl-C ends it"
    )
