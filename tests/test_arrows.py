"""Who may know whom: bot knows knowledge and checks, those two know nobody. And what is pure stays pure."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

KNOWS: Mapping[str, frozenset[str]] = {
    "bot": frozenset({"bot", "knowledge", "checks"}),
    "knowledge": frozenset({"knowledge"}),
    "checks": frozenset({"checks"}),
}
EXCEPTIONS = {
    # It prints the words of the findings; nothing else in checks knows any words.
    "checks.__main__": "knowledge",
    # The talk in the terminal, `knowledge try`; nothing else in knowledge knows the bot, and it imports of it
    # only what is pure.
    "knowledge.trying": "bot",
}
TALK = "knowledge.trying"

# Inside the bot: what decides knows nothing of how it is drawn, and what speaks Slack is given what to do.
NEVER = {
    "bot.dialogue": ("bot.plain", "bot.blocks", "bot.slack", "bot.work", "bot.store"),
    "bot.plain": ("bot.slack", "bot.work"),
    "bot.blocks": ("bot.slack", "bot.work"),
    "bot.slack": ("bot.work", "bot.store", "bot.dialogue"),
}

# Pure with all that they import from the bot; so is every file that says it of itself ("Pure: …").
PURE = frozenset(
    f"bot.{name}" for name in ("dialogue", "plain", "blocks", "limits", "events", "replies", "conversation")
)
PURE_KNOWS = frozenset(
    {
        *("__future__", "abc", "bisect", "collections", "contextlib", "copy", "dataclasses", "datetime"),
        *("enum", "functools", "hashlib", "html", "itertools", "json", "math", "operator", "re", "string"),
        *("textwrap", "types", "typing", "unicodedata", "urllib.parse", "zoneinfo"),
        *("bot", "checks", "knowledge", "pydantic", "rapidfuzz"),
    }
)
READS_OR_WRITES = frozenset({"open", "print", "input", "exec", "eval", "__import__"})
READS_OR_WRITES_OF = frozenset(
    {"read_text", "read_bytes", "write_text", "write_bytes", "now", "utcnow", "today"}
)

CONNECTS = frozenset(
    {
        "socket",
        "ssl",
        "asyncio",
        "http",
        "urllib.request",
        "ftplib",
        "smtplib",
        "httpx",
        "httpcore",
        "aiohttp",
    }
    | {"requests", "urllib3", "websockets", "psycopg", "sqlalchemy", "procrastinate"}
)
MAY_CONNECT = "checks.fetch"


def sources() -> dict[str, str]:
    """Every module of the three packages with its source."""
    found = {}
    for package in KNOWS:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = path.read_text("utf-8")
    return found


def imported(module: str, source: str) -> set[str]:
    """All that a module imports, anywhere in it; `from a import b` counts as `a` and `a.b`."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = module.split(".")[: -node.level]
                base = ".".join([*above, base] if base else above)
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return found


def within(name: str, packages: frozenset[str] | tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def turned_arrows(modules: Mapping[str, str]) -> Iterator[str]:
    for module, source in modules.items():
        package = module.split(".")[0]
        for name in imported(module, source):
            head = name.split(".")[0]
            ours = head in KNOWS and head not in KNOWS[package] and EXCEPTIONS.get(module) != head
            slack = head.startswith("slack_") and package != "bot"
            if ours or slack or within(name, NEVER.get(module, ())):
                yield f"{module} imports {name}"


def pure_modules(modules: Mapping[str, str]) -> set[str]:
    """Those that must be pure, those that say they are, and what they import from the bot."""
    waiting = {module for module in modules if module in PURE}
    for module, source in modules.items():
        docstring = ast.get_docstring(ast.parse(source)) or ""
        if re.search(r"\bpure[:.]", docstring, re.IGNORECASE):
            waiting.add(module)
    found: set[str] = set()
    while waiting:
        module = waiting.pop()
        found.add(module)
        near = {name for name in imported(module, modules[module]) if name.startswith("bot.")}
        waiting |= (near & modules.keys()) - found
    return found


def impurities(modules: Mapping[str, str]) -> Iterator[str]:
    for module in sorted(pure_modules(modules)):
        for name in imported(module, modules[module]):
            if not within(name, PURE_KNOWS) and name != "urllib":
                yield f"{module} imports {name}"
        for node in ast.walk(ast.parse(modules[module])):
            match node:
                case ast.Call(func=ast.Name(id=called)) if called in READS_OR_WRITES:
                    yield f"{module}:{node.lineno} calls {called}"
                case ast.Attribute(attr=called) if called in READS_OR_WRITES_OF:
                    yield f"{module}:{node.lineno} calls {called}"


def connections(modules: Mapping[str, str]) -> Iterator[str]:
    for module, source in modules.items():
        if module.split(".")[0] in ("checks", "knowledge") and module != MAY_CONNECT:
            for name in imported(module, source):
                if within(name, CONNECTS):
                    yield f"{module} imports {name}"


def test_no_arrow_turns_round() -> None:
    assert list(turned_arrows(sources())) == []


def test_the_talk_in_the_terminal_knows_of_the_bot_only_what_is_pure() -> None:
    modules = sources()
    of_the_bot = {
        name for name in imported(TALK, modules[TALK]) if name in modules and name.startswith("bot.")
    }
    assert of_the_bot <= pure_modules(modules)
    assert "bot.dialogue" in of_the_bot
    assert [name for name in modules if TALK in imported(name, modules[name])] == ["knowledge.commands.try_"]


def test_what_is_pure_reads_no_clock_no_file_and_no_network() -> None:
    modules = sources()
    assert pure_modules(modules) >= PURE & modules.keys()
    assert list(impurities(modules)) == []


def test_only_one_file_of_the_checks_opens_connections() -> None:
    assert list(connections(sources())) == []


def test_the_walk_sees_every_package() -> None:
    modules = sources()
    assert {"bot.blocks", "bot.workspace.limits", "knowledge.rows", "checks.report"} <= modules.keys()
    assert "knowledge.hours" in pure_modules(modules)
    assert "bot.limits" in imported("bot.blocks", modules["bot.blocks"])


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("knowledge.rows", "import checks.report"),
        ("knowledge.rows", "from checks import report"),
        ("knowledge.rows", "def late():\n    from bot.replies import Text"),
        ("knowledge.rows", "import slack_sdk.errors"),
        ("knowledge.trying", "import checks.report"),
        ("checks.report", "from knowledge.rows import Language"),
        ("bot.dialogue", "from bot.blocks import blocks"),
        ("bot.dialogue", "from bot import blocks"),
        ("bot.slack", "from bot import work"),
        ("bot.slack", "from .work import accept"),
    ],
)
def test_a_turned_arrow_would_be_seen(module: str, source: str) -> None:
    assert list(turned_arrows({module: source}))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("checks.__main__", "from knowledge.load import load"),
        ("knowledge.trying", "from bot.dialogue import step"),
        ("bot.dialogue", "from knowledge.book import Book\nfrom checks.report import Report"),
        ("bot.slack", "from slack_bolt.async_app import AsyncApp"),
        ("knowledge.rows", "import knowledge.words\nimport pydantic"),
    ],
)
def test_an_arrow_that_points_the_right_way_is_left_alone(module: str, source: str) -> None:
    assert not list(turned_arrows({module: source}))


@pytest.mark.parametrize(
    "source",
    [
        *(
            f"import {name}"
            for name in ("os", "time", "socket", "httpx", "pathlib", "asyncio", "logging", "random")
        ),
        "from slack_sdk.models.blocks import SectionBlock",
        "from os import environ",
        "import urllib.request",
        "from datetime import datetime\nat = datetime.now()",
        "from datetime import datetime\nclock = datetime.now",
        "import datetime\nday = datetime.date.today()",
        "text = open('x').read()",
        "def say(path):\n    return path.read_text()",
        "print(1)",
    ],
)
def test_an_impurity_would_be_seen(source: str) -> None:
    assert list(impurities({"bot.dialogue": source}))
    # Also behind one import, and in a file that only says that it is pure.
    assert list(impurities({"bot.dialogue": "from bot.near import x", "bot.near": source}))
    assert list(impurities({"bot.other": f'"""Looks. Pure: no clock."""\n{source}'}))
    assert not list(impurities({"bot.other": source}))


@pytest.mark.parametrize("module", ["checks.revocation", "knowledge.load"])
@pytest.mark.parametrize("source", ["import httpx", "from urllib.request import urlopen", "import socket"])
def test_a_connection_elsewhere_would_be_seen(module: str, source: str) -> None:
    assert list(connections({module: source}))
    assert not list(connections({MAY_CONNECT: source, "bot.files": source}))
