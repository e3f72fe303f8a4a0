"""/metrics: what Prometheus reads is counted right, needs no database to answer, and names nobody."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from prometheus_client import Counter
from prometheus_client.parser import text_string_to_metric_families

from bot import engine, metrics
from bot.background import Background
from bot.gauges import DEFINITIONS, SHARED
from bot.health import Health
from bot.pool import connect_to
from bot.workspace.faults import Dropped, Ratelimited
from bot.workspace.people import SATO
from tests.road import ROW_1, SATOS_DM, Stage, on_stage, sample
from tests.test_road_desk import desk
from tests.test_slack_http import sending

README = Path(__file__).parents[1] / "README.md"
Measured = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(text: str) -> Measured:
    """Each sample, by its name and its labels."""
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


async def scraped(here: Stage, **headers: str) -> httpx.Response:
    base = str(here.workspace.event_url).removesuffix("/slack/events")
    async with httpx.AsyncClient() as client:
        return await client.get(f"{base}/metrics", headers=headers)


class Counted:
    """What was counted since it began: counters belong to the process, and other tests count too."""

    def __init__(self, before: Measured) -> None:
        self._before = before
        self.now = before

    def __call__(self, name: str, **labels: str) -> float:
        key = (f"helpdesk_{name}", tuple(sorted(labels.items())))
        return self.now.get(key, 0.0) - self._before.get(key, 0.0)

    async def again(self, here: Stage) -> None:
        self.now = read((await scraped(here)).text)


async def counting(here: Stage) -> Counted:
    return Counted(read((await scraped(here)).text))


def test_a_case_is_counted_from_the_request_to_its_hand_over() -> None:
    async def play(here: Stage) -> None:
        here.bot.health.gauges.cases_every = 0  # else a scrape within the minute tells the same
        counted = await counting(here)
        await here.say(ROW_1)
        await here.say("", sample("expired"))
        await here.press(here.said()[0], "answer:changed:nothing")
        await here.say("担当者と話す")
        await counted.again(here)
        assert counted("events_accepted_total", kind="message") == 3
        assert counted("events_accepted_total", kind="click") == 1
        assert counted("events_worked_total", kind="message", result="done") == 3
        assert counted("event_worked_seconds_count", kind="message") == 3
        assert counted("first_reply_seconds_count", kind="message") == 3
        assert counted("replies_delivered_total", kind="open_case") == 1
        assert counted("slack_call_seconds_count", method="chat.postMessage", result="ok") >= 4
        assert counted("recognitions_total", outcome="row", row="no_certificate") == 1
        assert counted("certificate_checks_total", verdict="unusable") == 1
        assert counted("handed_over_total", row="no_certificate") == 1
        assert counted("cases_open", state="waiting") == 1
        assert counted.now["helpdesk_database_up", ()] == 1
        assert counted.now["helpdesk_workers", ()] == 1
        assert counted.now["helpdesk_queue_jobs", (("state", "waiting"),)] == 0
        await desk(here, "引き受ける")
        await counted.again(here)
        assert (counted("cases_open", state="waiting"), counted("cases_open", state="taken")) == (0, 1)

    on_stage(play)


def test_what_was_solved_without_a_person_and_what_nobody_knew_are_counted() -> None:
    async def play(here: Stage) -> None:
        counted = await counting(here)
        await here.say("プリンターから変な音がして紙が出てきません")
        await here.say("証明書のエラーが出ます")
        await here.say(ROW_1)
        await here.press(here.said()[-1], "answer:changed:nothing")
        await here.press(here.said()[-1], "解決した")
        await counted.again(here)
        assert counted("recognitions_total", outcome="none", row="") == 1
        assert counted("recognitions_total", outcome="ask", row="") == 1
        assert counted("remedies_advised_total", row="no_certificate", remedy="choose_certificate") == 1
        assert counted("solved_without_a_person_total", row="no_certificate") == 1
        assert counted("troubles_ended_total", how="remedy", row="no_certificate") == 1
        assert counted("handed_over_total", row="no_certificate") == 0

    on_stage(play)


def test_failures_are_counted_by_their_kind_and_the_reply_once() -> None:
    async def play(here: Stage) -> None:
        counted = await counting(here)
        here.workspace.faults.on_call("chat.postMessage", Ratelimited(0))
        here.workspace.faults.on_call("chat.postMessage", Dropped(done=False))
        await here.say(ROW_1)
        await counted.again(here)
        assert counted("delivery_failures_total", kind="say", failure="rate_limited") == 1
        assert counted("delivery_failures_total", kind="say", failure="network") == 1
        assert counted("slack_call_seconds_count", method="chat.postMessage", result="rate_limited") == 1
        assert counted("events_worked_total", kind="message", result="later") == 2
        assert counted("events_worked_total", kind="message", result="again") == 1
        assert counted("replies_delivered_total", kind="say") == 1
        assert counted("first_reply_seconds_count", kind="message") == 1

    on_stage(play)


def test_a_first_reply_is_not_counted_again_when_the_second_has_to_wait() -> None:
    async def play(here: Stage) -> None:
        counted = await counting(here)
        here.workspace.faults.spare("chat.postMessage")
        here.workspace.faults.on_call("chat.postMessage", Ratelimited(0))
        await here.say("担当者と話したい")
        await counted.again(here)
        assert counted("delivery_failures_total", kind="open_case", failure="rate_limited") == 1
        assert counted("first_reply_seconds_count", kind="message") == 1

    on_stage(play)


def test_the_work_of_dead_workers_is_counted_when_it_is_given_back() -> None:
    async def play(here: Stage) -> None:
        counted = await counting(here)
        here.ask(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) "
            "VALUES ('nobodys', 'event', '{}', 'doing')"
        )
        await engine.give_back(here.bot.queue, 60)
        await counted.again(here)
        assert counted("dead_worker_jobs_total") >= 1
        assert counted("queue_jobs", state="waiting") == 1
        assert counted.now["helpdesk_queue_oldest_seconds", ()] >= 0
        here.ask("DELETE FROM procrastinate_jobs")

    on_stage(play)


def test_repeated_requests_are_counted_by_a_reason_of_a_closed_list() -> None:
    async def play(here: Stage) -> None:
        counted = await counting(here)
        for reason in ("http_timeout", "himitsu"):
            more = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": reason}
            await sending(here)(b'{"type": "event_callback"}', more=more)
        await counted.again(here)
        assert counted("requests_repeated_total", reason="http_timeout") == 1
        assert counted("requests_repeated_total", reason="other") == 1

    on_stage(play)


def test_a_scrape_names_nobody_and_tells_no_secret() -> None:
    async def play(here: Stage) -> None:
        await here.say(f"himitsu-no-bunsho {ROW_1}", sample("private_key_uploaded"))
        await here.say("担当者と話す")
        answer = await scraped(here)
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        text = answer.text
        workspace = here.workspace
        hidden = ["himitsu", "example.co.jp", SATO.id, SATOS_DM, SATO.real_name, "C-1001"]
        hidden += [workspace.bot_token, workspace.signing_secret, workspace.app_token, here.database]
        assert [word for word in hidden if word in text] == []
        described = {one.name for one in metrics.DESCRIBED}
        for name, labels in read(text):
            if name.startswith("helpdesk_"):
                assert re.sub("_(bucket|count|sum)$", "", name) in described, name
            assert all(re.fullmatch(r"[\w.+-]*", value) for _, value in labels), labels

    on_stage(play)


def test_who_comes_through_a_proxy_sees_no_metrics() -> None:
    async def play(here: Stage) -> None:
        assert (await scraped(here)).status_code == 200
        for name in ("X-Forwarded-For", "Forwarded"):
            refused = await scraped(here, **{name: "203.0.113.7"})
            assert (refused.status_code, refused.text) == (404, "")

    on_stage(play)


@asynccontextmanager
async def without_database() -> AsyncIterator[Health]:
    """A process whose database cannot be reached."""
    database = connect_to("postgresql://postgres@127.0.0.1:9/nothing")
    health = Health(database, Background(asyncio.Event()), asyncio.Event())
    yield health
    health.close()
    database.dispose()


def test_without_the_database_the_counters_are_still_told() -> None:
    async def play() -> None:
        metrics.ACCEPTED.labels("message").inc()
        async with without_database() as health:
            told = read((await health.metrics()).decode())
            assert told["helpdesk_database_up", ()] == 0
            assert told["helpdesk_events_accepted_total", (("kind", "message"),)] > 0
            names = {name for name, _ in told}
            assert names.isdisjoint({one.name for one in DEFINITIONS.values()})
            assert "no database" in await health.unready()

    asyncio.run(play())


def test_names_are_as_prometheus_wants_them() -> None:
    text = "\n".join(f"{one.name} {one.meaning}" for one in metrics.DESCRIBED)
    for one in metrics.DESCRIBED:
        assert re.fullmatch(r"helpdesk_[a-z]+(_[a-z]+)*", one.name)
        assert not re.search(r"(milliseconds|minutes|bytes_total|_ms)$", one.name)
        assert one.meaning.endswith(".")
        assert not set(one.labels) & {"person", "user", "text", "case", "channel", "team", "event"}
    counters = {one._name for one in vars(metrics).values() if isinstance(one, Counter)}
    assert {f"{name}_total" for name in counters} <= {one.name for one in metrics.DESCRIBED}
    assert text.count(SHARED) == len(DEFINITIONS)


def table() -> str:
    """The metrics with their meaning, as they stand in the README."""
    lines = ["| metric | labels | is |", "|---|---|---|"]
    for one in metrics.DESCRIBED:
        meaning = one.meaning.replace(f" {SHARED}", " †")
        labels = ", ".join(f"`{label}`" for label in one.labels)
        lines.append(f"| `{one.name}` | {labels} | {meaning} |")
    return "\n".join([*lines, "", f"† {SHARED}"]) + "\n"


def test_every_metric_that_the_readme_names_is_there() -> None:
    watching = re.search(r"^## Watch it\n.*?(?=^## )", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert watching
    told = set(re.findall(r"\bhelpdesk_[a-z_]+\b", watching[0]))
    assert {re.sub("_(bucket|count|sum)$", "", name) for name in told} <= {
        one.name for one in metrics.DESCRIBED
    }


def test_the_readmes_metrics_are_those_that_are_counted() -> None:
    found = re.search(r"<!-- metrics -->\n(.*?)<!-- /metrics -->", README.read_text("utf-8"), re.DOTALL)
    assert found is None or found[1] == table()
