"""What is older than RETENTION_DAYS is erased, and nothing younger."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.accepted import Message
from bot.workspace.people import SATO, TEAM
from bot.workspace.samples import Sample
from tests.certificates import person
from tests.road import ROW_1, SATOS_DM, Stage, on_stage, until
from tests.searching import kept, where_words_are

TABLES = (
    "conversations",
    "threads",
    "events",
    "outbox",
    "cards",
    "people",
    "unmatched",
    "statuses",
    "watches",
    "pauses",
)

# What a talk leaves behind, of every kind, each known by a word of its own.
WORDS = {
    "in a message without a row": "もみじの手紙",
    "in the name of a server": "mail.himawari.example.jp",
    "in the address that the error quotes": "kaede@example.co.jp",
    "in a file's name": "tsubaki-san.cer",
    "in a certificate's subject": "Sumire Koharu",
    "in a remark to the helpdesk": "やまぶき色の封筒",
    "in an event that failed for good": "ふじの花かんざし",
    "in an event that still waits": "すすきの原で",
    "in the profile": SATO.real_name,
    "as the profile's address": SATO.email,
    "as the person's id": SATO.id,
    "as the talk's id": SATOS_DM,
}

MOMENTS = """
    SELECT table_name, string_agg(format('%1$I = %1$I - interval ''DAYS days''', column_name), ', ')
    FROM information_schema.tables JOIN information_schema.columns USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND data_type LIKE 'timestamp%'
      AND table_name <> 'procrastinate_workers' AND (table_name, column_name) <> ('later', 'due')
    GROUP BY table_name
"""


def rows(here: Stage) -> dict[str, int]:
    return {table: int(here.ask(f"SELECT count(*) FROM {table}")[0][0]) for table in TABLES}


def aged(here: Stage, days: int) -> None:
    """Makes everything that is there so much older, in whatever table; only who is alive stays so, and what
    is to be come back to does not fall due."""
    for table, older in here.ask(MOMENTS):
        here.ask(f"UPDATE {table} SET {older.replace('DAYS', str(days))}")


async def erased_by_the_hour(here: Stage) -> None:
    """Has the hourly job done."""
    (task,) = here.bot.queue.periodic_registry.periodic_tasks.values()
    await task.task.defer_async(timestamp=int(datetime.now(UTC).timestamp()))
    await until(lambda: not here.ask("SELECT 1 FROM procrastinate_jobs WHERE task_name = 'erase'"))


async def rich_talk(here: Stage) -> None:
    """A long talk of Sato's, in which all of WORDS occur; Slack must refuse the helpdesk's channel."""
    await here.workspace.open(SATO.id, SATOS_DM)
    await here.say("社内LANに繋がりません、もみじの手紙")
    await here.say(ROW_1.replace("user@", "kaede@"))
    certificate = person(common_name="Sumire Koharu", addresses=["kaede@example.co.jp"])
    await here.say("", Sample("tsubaki-san.cer", certificate.der, {}, None))
    await here.say("mail.himawari.example.jp に繋ぐとターゲットのプリンシパル名が間違っています、と出ます")
    await here.say("担当者と話す")
    await here.say("補足です。やまぶき色の封筒で届いた証明書です")
    await waits(here, "ふじの花かんざし")
    for status in ("doing", "failed"):
        here.ask(f"UPDATE procrastinate_jobs SET status = '{status}' WHERE queue_name = 'elsewhere'")
    await waits(here, "すすきの原で")


async def waits(here: Stage, text: str) -> None:
    """Sato wrote this, and it stands in a queue that nobody works."""
    event = Message(
        id=f"{TEAM}:{SATOS_DM}:1.000001", team=TEAM, person=SATO.id, channel=SATOS_DM, at=datetime.now(UTC),
        private=True, mentioned=False, ts="1.000001", text=text,
    )  # fmt: skip
    elsewhere = here.bot.queue.configure_task("event", queue="elsewhere", lock=event.lock)
    await elsewhere.defer_async(event=event.model_dump(mode="json"))


OLD_PAUSE = (
    "INSERT INTO pauses (began, ended, reason_ja, reason_en, told_began, told_ended) "
    "VALUES (now(), now(), '確認中', 'checking', true, true)"
)


def watch_of(someone: str) -> str:
    """A certificate of theirs is watched that runs out tomorrow."""
    return (
        "INSERT INTO watches (team, person, fingerprint, purpose, not_after, names, state) "
        f"VALUES ('{TEAM}', '{someone}', 'ab', 'email', now() + interval '1 day', '[]', 'watching')"
    )


def missing(here: Stage) -> set[str]:
    """Of WORDS, where those are that the database does not hold."""
    found = {word for _, word in where_words_are(kept(here.database), WORDS.values())}
    return {where for where, word in WORDS.items() if word not in found}


def test_after_the_time_no_word_of_a_talk_is_anywhere_in_the_database() -> None:
    async def play(here: Stage) -> None:
        await rich_talk(here)
        assert missing(here) == set()
        here.ask("ANALYZE")  # as autovacuum does now and then
        aged(here, 9)
        await erased_by_the_hour(here)
        assert where_words_are(kept(here.database), WORDS.values()) == set()

    on_stage(play, retention_days=7, helpdesk_channel="C0NOTTHERE1")


def test_until_then_every_word_is_kept() -> None:
    async def play(here: Stage) -> None:
        await rich_talk(here)
        aged(here, 6)
        await erased_by_the_hour(here)
        assert missing(here) == set()

    on_stage(play, retention_days=7, helpdesk_channel="C0NOTTHERE1")


def test_after_the_time_everything_of_a_conversation_is_gone() -> None:
    async def play(here: Stage) -> None:
        await here.workspace.open(SATO.id, SATOS_DM)
        await here.say("社内LANに繋がりません")
        await here.say(ROW_1)
        await here.say("担当者と話す")
        here.ask("INSERT INTO statuses VALUES ('a', false, '', NULL, now() + interval '1 day', 'ocsp')")
        here.ask(watch_of(SATO.id))
        here.ask(OLD_PAUSE)
        assert all(rows(here).values())
        aged(here, 9)
        assert await asyncio.to_thread(here.bot.retention.erase) == 1
        assert not any(rows(here).values())

    on_stage(play, retention_days=7)


def test_what_is_younger_stays() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        aged(here, 6)
        before = rows(here)
        assert await asyncio.to_thread(here.bot.retention.erase) == 0
        assert rows(here) == before

    on_stage(play, retention_days=7)


def test_the_erasing_happens_by_itself_every_hour() -> None:
    async def play(here: Stage) -> None:
        (task,) = here.bot.queue.periodic_registry.periodic_tasks.values()
        assert task.task.name == "erase"
        now = datetime.now(UTC).timestamp()
        assert task.croniter.get_next(float, start_time=now) - now <= timedelta(hours=1).total_seconds()
        await here.say(ROW_1)
        here.ask("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('old', 'of_an_old_version')")
        for status in ("doing", "failed"):
            here.ask(f"UPDATE procrastinate_jobs SET status = '{status}' WHERE queue_name = 'old'")
        aged(here, 31)
        await erased_by_the_hour(here)
        assert here.ask("SELECT number FROM conversations") == []
        assert here.ask("SELECT id FROM procrastinate_jobs WHERE queue_name = 'old'") == []

    on_stage(play)
