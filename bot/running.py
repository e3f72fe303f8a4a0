"""Puts the parts together and keeps them running: database, engine, Slack's client, the road."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from procrastinate import App
from sqlalchemy import Engine

from bot import engine, files, incident_places, metrics, pauses, storm, weekly
from bot.background import Background
from bot.calls import web_client
from bot.desk import Desk
from bot.environment import BadSettings
from bot.health import Health
from bot.inspecting import Inspecting
from bot.later import Later, Other
from bot.logs import fields
from bot.missed import AT_MOST, Missed
from bot.outbox import Outbox
from bot.pace import Pace
from bot.passing import Passing
from bot.pictures import Pictures
from bot.pool import connect_to
from bot.profiles import Profiles
from bot.publishing import Home
from bot.pulse import Pulse, Regularly
from bot.retention import Retention
from bot.settings import Settings
from bot.statuses import Statuses
from bot.turns import Defaults
from bot.watch_ticks import WatchTicks
from bot.way_out import way_out
from bot.ways import ways
from bot.work import Road
from checks.fetch import Fetcher
from checks.report import Asking
from checks.trust import BadTrust, Trust
from knowledge.book import Book
from knowledge.load import BadTables, load
from knowledge.rows import Words

logger = logging.getLogger(__name__)


# What is due beside what each conversation is come back to for.
OTHERS = (
    Other(incident_places.due, incident_places.given),
    Other(storm.due, storm.given),
    Other(pauses.due, pauses.given),
)


def others(settings: Settings, book: Book) -> tuple[Other, ...]:
    """Those, and the weekly summary where it is wanted."""
    if not settings.weekly_summary or settings.helpdesk_channel is None:
        return OTHERS
    return (*OTHERS, Other(weekly.looking(book.company.working_hours), weekly.given))


@dataclass(frozen=True)
class Running:
    """What runs."""

    road: Road
    retention: Retention
    queue: App
    database: Engine
    pulse: Pulse
    health: Health


@asynccontextmanager
async def running(
    settings: Settings,
    address: str,
    book: Book,
    trust: Trust,
    *,
    alone: bool,
    pace: Pace | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[Running]:
    """The road on the database at this address, and a worker on it, while the block runs.

    `alone`: no other process works with this database, so jobs that are under way are those of a dead one.
    `pace` is how fast Slack lets us speak; `clock` is the workspace's.
    """
    assert settings.slack_bot_token
    token = settings.slack_bot_token.get_secret_value()
    database = connect_to(address, idle_at_most=engine.DEAD_AFTER)
    queue = engine.queue(address)
    way = way_out(settings)
    stop = asyncio.Event()
    try:
        async with (
            queue.open_async(),
            web_client(settings.slack_api_url, token, way) as slack,
            files.client(way) as connections,
            asking(settings, database) as allowed,
            reading() as pictures,
        ):
            downloads = files.Downloads(connections, token, settings.slack_file_hosts)
            inspecting = Inspecting(slack, downloads, trust, allowed, pictures)
            profiles = Profiles(database, slack)
            desk = Desk(slack, settings.helpdesk_channel)
            home = Home(
                engine=database,
                slack=slack,
                book=book,
                profiles=profiles,
                desk=desk,
                language=settings.default_language,
                time_zone=book.company.time_zone,
                retention_days=settings.retention_days,
                clock=clock,
            )
            road = Road(
                engine=database,
                queue=queue,
                book=book,
                profiles=profiles,
                outbox=Outbox(
                    database,
                    slack,
                    settings.helpdesk_channel,
                    Passing(slack, downloads),
                    pace,
                    clock,
                    open_thread=book.phrases["open_thread"],
                    new_cards=book.company.incident_people,
                ),
                inspecting=inspecting,
                ways=ways(slack, database, book, settings.default_language, desk, clock),
                home=home,
                desk=desk,
                clock=clock,
                defaults=Defaults(
                    language=settings.default_language,
                    time_zone=book.company.time_zone,
                    retention_days=settings.retention_days,
                    desk=settings.helpdesk_channel,
                ),
            )
            retention = Retention(database, queue, settings.retention_days, clock)
            looked_back = min(AT_MOST, timedelta(days=settings.retention_days))  # older is erased at once
            missed = Missed(database, queue, slack, road.accept, at_most=looked_back)
            pulse = Pulse(database, slack, missed.since, regularly=looking_back(missed))
            if alone:
                await engine.give_back(queue, 0)
            later, watches = (
                Later(database, road.accept, clock, others(settings, book)),
                WatchTicks(database, road.accept, clock),
            )
            working, background = asyncio.Event(), Background(stop)
            background.start("worker", lambda: engine.work(queue, stop, working))
            background.start("dead_workers", lambda: engine.look_after_the_dead(queue, stop))
            background.start("pulse", lambda: pulse.keep(stop))
            background.start("later", lambda: later.keep(stop))
            background.start("watches", lambda: watches.keep(stop))
            health = Health(database, background, working)
            metrics.tell_build(book.version)
            about = fields(version=metrics.program_version(), tables=book.version)
            logger.info("started", extra=about)
            try:
                yield Running(road, retention, queue, database, pulse, health)
            finally:
                logger.info("stopping", extra=about)
                health.stop()
                stop.set()
                await background.ended()
                health.close()
                inspecting.close()
    finally:
        database.dispose()


def company_book(settings: Settings, tables: Path | None = None) -> Book:
    """The book with the company's tables and with what the settings say. Raises BadTables."""
    return with_helpdesk(load(settings.knowledge_dir or tables), settings)


def with_helpdesk(book: Book, settings: Settings) -> Book:
    """The book with what the settings say of the helpdesk: its channel, contact, hours."""
    told: dict[str, object] = {"desk": settings.helpdesk_channel is not None}
    contact = settings.helpdesk_contact
    given = {
        "helpdesk": Words(ja=contact, en=contact) if contact else None,
        "hours": settings.helpdesk_hours,
        "holidays": tuple(sorted(settings.holidays)),
        "time_zone": settings.company_time_zone if "company_time_zone" in settings.model_fields_set else None,
        "remind_minutes": settings.handover_remind_minutes,
        "incident_people": settings.incident_people,
        "incident_minutes": settings.incident_minutes,
    }
    told |= {name: value for name, value in given.items() if value}
    return book.with_company(book.company.model_copy(update=told))


def trusted(settings: Settings) -> Trust:
    """Whom the company trusts, and Windows and other mail programs do. Raises BadTrust."""
    return Trust.load(
        settings.trust_roots,
        settings.trust_chain,
        programme=settings.trust_programme or "built-in",
        servers=True,
    )


def loaded(settings: Settings, tables: Path | None = None) -> tuple[Book, Trust]:
    """The tables and whom the company trusts. Raises BadSettings with the faults of both."""
    faults: list[str] = []
    book = trust = None
    try:
        book = company_book(settings, tables)
    except BadTables as bad:
        faults.append(str(bad))
    try:
        trust = trusted(settings)
    except BadTrust as bad:
        faults.append(str(bad))
    if book is None or trust is None:
        raise BadSettings("\n".join(faults))
    return book, trust


def looking_back(missed: Missed) -> Regularly:
    """Who wrote before, each half hour; everybody, once a day."""
    half_hour, day = timedelta(minutes=30), timedelta(days=1)
    return {
        2: (half_hour, lambda: missed.lately(half_hour)),
        3: (day, lambda: missed.since(datetime.now(UTC) - day)),
    }


@asynccontextmanager
async def reading() -> AsyncIterator[Pictures]:
    """The way to the text in pictures; its process ends with this one."""
    pictures = Pictures()
    try:
        yield pictures
    finally:
        await pictures.close()


@asynccontextmanager
async def asking(settings: Settings, database: Engine) -> AsyncIterator[Asking]:
    """What certificates' issuers may be asked, by one client that stays open."""
    if not (settings.revocation or settings.fetch_issuers):
        yield Asking()
        return
    proxy = settings.fetch_proxy.get_secret_value() if settings.fetch_proxy else None
    fetcher = Fetcher(allowed_hosts=settings.fetch_allowed_hosts, proxy=proxy)
    try:
        yield Asking(fetcher, settings.revocation, settings.fetch_issuers, kept=Statuses(database))
    finally:
        fetcher.close()
