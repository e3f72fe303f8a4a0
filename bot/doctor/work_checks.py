"""The work that stands in the database: the processes that do it, what waits, failed or was not sent.

Pure: facts -> results.
"""

from collections.abc import Iterable
from datetime import timedelta

from bot.doctor.check import Check, Result, Said, fault, note, ok, warning
from bot.doctor.facts import Facts, Jobs, have

WAITS_TOO_LONG = timedelta(minutes=5)
UNHEARD = timedelta(minutes=10)

_AGAIN = (
    "SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM procrastinate_jobs "
    "WHERE status = 'failed';"
)


def _jobs(facts: Facts) -> Jobs | None:
    return have(facts.database).jobs


def processes(facts: Facts) -> Iterable[Result]:
    """A process of the bot is alive and can hear Slack."""
    if not (jobs := _jobs(facts)):
        return
    if not jobs.processes:
        yield note(
            "動いているプロセスはありません",
            "none is running",
            Said("python -m bot serve か socket", "python -m bot serve or socket"),
        )
    elif jobs.heard is not None and jobs.heard > UNHEARD:
        minutes = int(jobs.heard.total_seconds() // 60)
        yield warning(
            f"動いていますが、{minutes} 分前から Slack につながっていません",
            f"{jobs.processes} running, but Slack was not heard for {minutes} minutes",
            Said(
                "そのマシンのログとネットワークを確かめてください",
                "See the log and the network of that machine",
            ),
        )
    else:
        yield ok(f"{jobs.processes} 個が動いています", f"{jobs.processes} running")


def waiting(facts: Facts) -> Iterable[Result]:
    """What came in is worked soon."""
    if not (jobs := _jobs(facts)):
        return
    if jobs.oldest is not None and jobs.oldest > WAITS_TOO_LONG:
        minutes = int(jobs.oldest.total_seconds() // 60)
        told = (
            f"{jobs.waiting} 件が待っています（最長 {minutes} 分）",
            f"{jobs.waiting} wait, the oldest for {minutes} minutes",
        )
        if jobs.processes:
            cure = Said(
                "プロセスのログを確かめ、足りなければ増やしてください",
                "See the processes' log; start more if they are too few",
            )
        else:
            cure = Said(
                "python -m bot serve か socket を起動してください", "Start python -m bot serve or socket"
            )
        yield fault(*told, cure)
    else:
        yield ok(f"{jobs.waiting} 件", str(jobs.waiting) if jobs.waiting else "none")


def failed(facts: Facts) -> Iterable[Result]:
    """No work was given up."""
    if not (jobs := _jobs(facts)):
        return
    if jobs.failed:
        yield warning(
            f"何度試しても終わらなかった仕事が {jobs.failed} 件あります",
            f"{jobs.failed} could not be done, however often they were tried",
            Said(
                f"ログの ERROR を見て原因を直し、psql でやり直してください: {_AGAIN}",
                f"Mend what the ERROR lines of the log tell, then in psql: {_AGAIN}",
            ),
        )
    else:
        yield ok("ありません", "none")


def given_up(facts: Facts) -> Iterable[Result]:
    """Slack took all that was to be said."""
    if not (jobs := _jobs(facts)):
        return
    if jobs.given_up:
        told = ", ".join(f"{reason} {count}" for reason, count in sorted(jobs.given_up.items()))
        yield warning(
            f"Slack に断られて送れなかったもの: {told}",
            f"refused by Slack and not sent: {told}",
            Said(
                "channel_not_found、not_in_channel、is_archived なら担当者のチャンネルを、"
                "missing_scope なら権限を直してください",
                "channel_not_found, not_in_channel, is_archived: see to the helpdesk's channel; "
                "missing_scope: to the scopes",
            ),
        )
    else:
        yield ok("ありません", "none")


def paused(facts: Facts) -> Iterable[Result]:
    """Automatic help is on."""
    if not (jobs := _jobs(facts)):
        return
    if jobs.paused is None:
        yield ok("動いています", "on")
        return
    hours = int(jobs.paused.total_seconds() // 3600)
    yield warning(
        f"{hours} 時間前から止めています。相談はすべて担当者に届きます",
        f"paused for {hours} hours: everything goes to people",
        Said("再開するには: python -m bot pause --end", "To go on: python -m bot pause --end"),
    )


CHECKS = (
    Check("engine.processes", Said("プロセス", "Processes"), processes),
    Check("engine.waiting", Said("待っている仕事", "Work waiting"), waiting),
    Check("engine.failed", Said("終わらなかった仕事", "Work failed"), failed),
    Check("engine.paused", Said("自動の案内", "Automatic help"), paused),
    Check("engine.given_up", Said("送れなかったもの", "Not sent"), given_up),
)
