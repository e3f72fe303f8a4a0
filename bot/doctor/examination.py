"""All checks, in groups, and their examination of the facts.

Pure: a check that breaks is itself a fault, with type and place, and loses no other.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields

from bot.doctor import (
    database_checks,
    knowledge_checks,
    machine_checks,
    setting_checks,
    slack_checks,
    trust_checks,
    work_checks,
)
from bot.doctor.check import Check, Found, Result, Said, fault
from bot.doctor.facts import Broken, Facts, NotGathered

GROUPS: tuple[tuple[Said, tuple[Check, ...]], ...] = (
    (Said("設定", "Settings"), setting_checks.CHECKS),
    (Said("Slack", "Slack"), slack_checks.CHECKS),
    (Said("データベースと仕事", "Database and work"), (*database_checks.CHECKS, *work_checks.CHECKS)),
    (Said("知識の表", "Tables of knowledge"), knowledge_checks.CHECKS),
    (Said("会社の登録（company.toml）", "The company's entries (company.toml)"), knowledge_checks.COMPANY),
    (Said("信頼する証明書", "Who is trusted"), trust_checks.CHECKS),
    (Said("このマシン", "This machine"), machine_checks.CHECKS),
)
OURSELVES = Said("doctor", "doctor")
_REPORT = Said(
    "ほかの異常を直してから、もう一度実行してください。残るときは、この行を添えて開発元へ",
    "Mend the other faults and run it again; if it stays, report this line",
)

Describe = Callable[[BaseException], str]


def examine(facts: Facts, describe: Describe) -> list[tuple[Said, list[Found]]]:
    """What every check found, by group; what could not be gathered comes first. `describe` tells an
    exception's type and place without its text."""
    broken = [
        Found(f"doctor.{part.name}", OURSELVES, _broke(given.where, part.name))
        for part in fields(facts)
        if isinstance(given := getattr(facts, part.name), Broken)
    ]
    groups = [(OURSELVES, broken)] if broken else []
    for title, checks in GROUPS:
        found = [one for check in checks for one in _examined(check, facts, describe)]
        if found:
            groups.append((title, found))
    return groups


def _examined(check: Check, facts: Facts, describe: Describe) -> Iterator[Found]:
    try:
        results = list(check.look(facts))
    except NotGathered:
        return
    except Exception as error:  # noqa: BLE001 - a check that breaks is itself reported
        results = [_broke(describe(error), "")]
    for result in results:
        id_ = f"{check.id}:{result.about}" if result.about else check.id
        title = Said(result.about, result.about) if result.about else check.title
        yield Found(id_, title, result)


def _broke(where: str, what: str) -> Result:
    return fault(
        f"{what} 確かめられませんでした: {where}".strip(),
        f"{what} could not be looked at: {where}".strip(),
        _REPORT,
    )
