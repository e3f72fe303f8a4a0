"""What this process counts, in Prometheus' terms: names, labels and what each means.

Labels come from small closed lists and from the ids of the tables: no person, no text, no address. What
is here is of this process alone, to be summed over all of them; what the database tells is in bot.gauges.

Source: https://prometheus.io/docs/practices/naming/
"""

import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, disable_created_metrics
from prometheus_client.process_collector import ProcessCollector

from bot.deeds import Deed, Turned

REGISTRY = CollectorRegistry()

# Else each series has a second one that says when it began.
disable_created_metrics()  # type: ignore[no-untyped-call]
ProcessCollector(registry=REGISTRY)


@dataclass(frozen=True)
class Described:
    """A metric as the README tells it."""

    name: str
    labels: tuple[str, ...]
    meaning: str


DESCRIBED: list[Described] = []

# Until an answer: people notice a second, and give up after some minutes; Slack sends again for six.
WAITS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)
CALLS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)


def _counter(name: str, meaning: str, *labels: str) -> Counter:
    DESCRIBED.append(Described(f"helpdesk_{name}", labels, meaning))
    return Counter(f"helpdesk_{name}", meaning, labels, registry=REGISTRY)


def _histogram(name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
    DESCRIBED.append(Described(f"helpdesk_{name}", labels, meaning))
    return Histogram(f"helpdesk_{name}", meaning, labels, buckets=buckets, registry=REGISTRY)


ACCEPTED = _counter("events_accepted_total", "Events written down as jobs, or answered at once.", "kind")
REPEATED = _counter(
    "requests_repeated_total", "Requests that Slack sent again, by Slack's own reason for it.", "reason"
)
NOT_ACCEPTED = _counter("requests_failed_total", "Requests that got 500, so that Slack sends them again.")
WORKED = _counter(
    "events_worked_total",
    "Attempts to work an event: done, again (it was worked before), later (put off), failed (tried again), "
    "given_up (a person was called), stopped (the process ended).",
    *("kind", "result"),
)
DELIVERED = _counter("replies_delivered_total", "Replies that Slack took.", "kind")
NOT_DELIVERED = _counter(
    "delivery_failures_total",
    "Attempts to deliver a reply that failed. refused and too_late are final, the others are tried again; "
    "pace is this process keeping to one message a second in a channel.",
    *("kind", "failure"),
)
UNTIL_WORKED = _histogram(
    "event_worked_seconds",
    "From the moment an event was accepted until it was worked and stored, its replies not yet delivered.",
    WAITS,
    "kind",
)
UNTIL_REPLIED = _histogram(
    "first_reply_seconds",
    "From the moment an event was accepted until Slack took the first reply to it.",
    WAITS,
    "kind",
)
SLACK_CALLS = _histogram("slack_call_seconds", "Calls of Slack's Web API.", CALLS, "method", "result")
GIVEN_BACK = _counter(
    "dead_worker_jobs_total", "Jobs of workers without a sign of life that were given back to the queue."
)
BROKEN_TASKS = _counter(
    "background_failures_total", "Times that a task in the background broke and was started again.", "task"
)
RECOGNISED = _counter(
    "recognitions_total",
    "What became of people's messages and files: a row of the tables, ask (several are possible), none.",
    *("outcome", "row"),
)
ADVISED = _counter("remedies_advised_total", "Remedies that were advised.", "row", "remedy")
SOLVED_ALONE = _counter("solved_without_a_person_total", "Troubles solved without the helpdesk.", "row")
HANDED_OVER = _counter("handed_over_total", "Troubles that were handed to the helpdesk.", "row")
ENDED = _counter(
    "troubles_ended_total",
    "Troubles that ended: remedy (it helped), alone, desk (closed there), incident, unknown (no answer).",
    *("how", "row"),
)
CHECKED = _counter(
    "certificate_checks_total",
    "Files that were checked for a certificate, by verdict; those that were no pictures.",
    "verdict",
)
PICTURES = _counter("pictures_total", "Pictures: read, or why not.", "result")
BUILD = Info("helpdesk_build", "The version of the program and of the tables, as labels.", registry=REGISTRY)
DESCRIBED.append(
    Described(
        "helpdesk_build_info",
        ("version", "tables"),
        "The version of the program and of the tables, as labels.",
    )
)


def tell_build(tables: str) -> None:
    """What this process runs with."""
    BUILD.info({"version": program_version(), "tables": tables})


def program_version() -> str:
    """The version that is installed, or that of the folder which the program runs from."""
    try:
        return metadata.version("outlook-certificate-helpdesk")
    except metadata.PackageNotFoundError:
        project = Path(__file__).parents[1] / "pyproject.toml"
        told = tomllib.loads(project.read_text("utf-8")) if project.exists() else {}
        return str(told.get("project", {}).get("version", "unknown"))


def count_turn(turned: Turned) -> None:
    """One turn that was stored."""
    if turned.recognition:
        row = turned.row if turned.recognition == "row" else None
        RECOGNISED.labels(turned.recognition, row or "").inc()
    for deed in turned.deeds:
        _count(deed)


def _count(deed: Deed) -> None:
    row = deed.row or ""
    match deed.what:
        case "advised":
            ADVISED.labels(row, deed.remedy or "").inc()
        case "handed_over":
            HANDED_OVER.labels(row).inc()
        case _ if deed.ending:
            ENDED.labels(deed.ending, row).inc()
            if deed.alone:
                SOLVED_ALONE.labels(row).inc()
        case _:
            pass
