"""The README is true: its commands exist, its conversation is a test, its diagram is the state machine's."""

import re
from pathlib import Path
from typing import get_args

import pytest

from bot.deeds import What
from tests.documents import MADE, ROOT, between, commands
from tests.documents import README as FILE

README = FILE.read_text("utf-8")


@pytest.mark.parametrize("name", MADE)
def test_what_the_readme_shows_of_the_code_is_what_the_code_is(name: str) -> None:
    assert between(name, README)[0] == MADE[name](), "python -m tests.documents writes it"


def test_every_make_command_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b", README))
    assert {"run", "test"} <= named <= targets


def test_the_commands_that_the_readme_names_exist() -> None:
    named = set(re.findall(r"(?:python -m|helpdesk) (bot|knowledge)\b(?: ([a-z]+)\b)?", README))
    assert {("bot", "serve"), ("bot", "socket"), ("bot", "migrate"), ("knowledge", "match")} <= named
    there = {(module, name) for module, names in commands() for name in ("", *names)}
    assert named - there == set()


def test_every_file_that_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_threat_model_names_tests_that_are_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", README))
    there = {
        name
        for path in Path(__file__).parent.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)
    }
    assert len(named) > 15
    assert named - there == set()


def test_the_readme_names_everything_that_the_audit_tells() -> None:
    (sentence,) = re.findall(r"^`what` is (.+?)\. `person`", README, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", sentence)) == set(get_args(What))
