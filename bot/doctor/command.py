"""`python -m bot doctor`: looks, prints, and says by its exit code whether anything is a fault."""

import argparse
import asyncio
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from bot.doctor.check import Result, Said
from bot.doctor.configuration_facts import read
from bot.doctor.examination import examine
from bot.doctor.gathering import gather
from bot.doctor.printed import COLUMNS, Groups, as_json, as_lines, is_well
from bot.logs import configure_logging, describe
from bot.settings import Settings
from knowledge.rows import LANGUAGES

SHORTEST = 8  # characters; a shorter secret is a word that may stand anywhere

DOES = "look at everything, and tell each fault with its cure"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command may be told."""
    parser.add_argument("--json", action="store_true", help="one JSON object, for monitoring")
    parser.add_argument(
        "--language", choices=LANGUAGES, help="the language of what is printed (default: DEFAULT_LANGUAGE)"
    )


def run(given: argparse.Namespace) -> int:
    """1 if anything is a fault, else 0."""
    configure_logging("CRITICAL", "human")  # what libraries would warn of is told by the checks
    settings = read()
    language = given.language or settings.settings.default_language
    facts = asyncio.run(gather(settings, datetime.now(UTC)))
    groups = without(secrets(settings.settings), examine(facts, describe))
    columns = shutil.get_terminal_size((COLUMNS, 0)).columns
    for line in [as_json(groups, language)] if given.json else as_lines(groups, language, columns):
        print(line)
    return 0 if is_well(groups) else 1


def secrets(settings: Settings) -> list[str]:
    """All that must not be printed, whatever a check says: tokens, secrets, whole addresses, passwords."""
    found = []
    for value in settings.model_dump().values():
        if isinstance(value, SecretStr):
            secret = value.get_secret_value()
            password = urlsplit(secret).password if "://" in secret else None
            found += [secret, *([password, unquote(password)] if password else [])]
    return sorted({one for one in found if len(one) >= SHORTEST}, key=len, reverse=True)


def without(hidden: Sequence[str], groups: Groups) -> Groups:
    """What was found, with dots in place of each of these: no check shows one, and none ever shall."""

    def kept(said: Said) -> Said:
        return Said(*(re.sub("|".join(map(re.escape, hidden)), "…", text) for text in said))

    if not hidden:
        return groups
    return [
        (title, [replace(one, result=_shown(one.result, kept)) for one in found]) for title, found in groups
    ]


def _shown(result: Result, kept: Callable[[Said], Said]) -> Result:
    return replace(result, detail=kept(result.detail), cure=kept(result.cure))
