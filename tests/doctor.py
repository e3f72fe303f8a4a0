"""What `doctor` finds in a place that a test makes: a sound installation with one part gathered anew."""

import asyncio
import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.doctor.configuration_facts import Read, configuration
from bot.doctor.database_facts import database
from bot.doctor.examination import examine
from bot.doctor.facts import Facts
from bot.doctor.knowledge_facts import knowledge, trusted
from bot.doctor.machine_facts import machine
from bot.doctor.printed import Groups
from bot.doctor.slack_facts import slack
from bot.local import EXAMPLE_COMPANY, MANIFEST
from bot.logs import describe
from bot.settings import Settings
from bot.workspace.app import serve_workspace
from bot.workspace.installed import read_manifest
from bot.workspace.people import HELPDESK_CHANNEL
from bot.workspace.workspace import Workspace
from tests import road

NOW = datetime.now(UTC)


@functools.cache
def well() -> Facts:
    """A healthy installation without Slack: everything but the database is gathered."""
    chosen = settings(database_url=None)
    return Facts(
        at=NOW,
        configuration=configuration(Read(chosen)),
        slack=None,
        database=database(road.settings(road.new_database())),
        knowledge=knowledge(chosen),
        trusted=trusted(chosen),
        machine=machine(chosen),
    )


def settings(**more: Any) -> Settings:
    """Settings that no environment has a part in: the example company's tables."""
    given: dict[str, Any] = {"database_url": None, "knowledge_dir": EXAMPLE_COMPANY}
    return Settings.model_construct(None, **(given | more))


def examined(facts: Facts) -> Groups:
    """What every check found, by group."""
    return examine(facts, describe)


def found(facts: Facts) -> dict[str, str]:
    """What was found: each check's level, by its id."""
    return {one.id: one.result.level for _, founds in examined(facts) for one in founds}


def told(facts: Facts, id_: str) -> str:
    """What one check said, in both languages, with its cure."""
    (one,) = [one for _, founds in examined(facts) for one in founds if one.id == id_]
    return "\n".join((*one.result.detail, *one.result.cure))


def workspace() -> Workspace:
    """A Slack in which the app is installed as its manifest says, and the helpdesk's channel is private."""
    place = Workspace(app=read_manifest(MANIFEST))
    place.channels[HELPDESK_CHANNEL] = replace(place.channels[HELPDESK_CHANNEL], private=True)
    return place


def of_slack(change: Callable[[Workspace], None] = lambda _: None, **more: Any) -> Facts:
    """The facts with what a Slack says after this change; `more` are settings."""

    async def ask() -> Facts:
        place = workspace()
        async with serve_workspace(place) as address:
            change(place)
            host, port = address.removeprefix("http://").split(":")
            given: dict[str, Any] = {
                "slack_bot_token": SecretStr(place.bot_token),
                "slack_signing_secret": SecretStr(place.signing_secret),
                "slack_api_url": f"{address}/api/",
                "slack_file_hosts": ((host, int(port)),),
                "helpdesk_channel": HELPDESK_CHANNEL,
            }
            if more.get("slack_app_token") == "its own":
                more["slack_app_token"] = SecretStr(place.app_token)
            chosen = settings(**(given | more))
            return replace(well(), configuration=configuration(Read(chosen)), slack=await slack(chosen))

    return asyncio.run(ask())


def of_database(address: str) -> Facts:
    """The facts with this database."""
    return replace(well(), database=database(road.settings(address)))


def of_tables(folder: Path, **more: Any) -> Facts:
    """The facts with these tables of a company."""
    chosen = settings(knowledge_dir=folder, **more)
    return replace(well(), configuration=configuration(Read(chosen)), knowledge=knowledge(chosen))
