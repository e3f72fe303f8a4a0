"""The README is true: its commands exist, its conversation is a test, its diagram is the state machine's."""

import re
import subprocess
import sys
from pathlib import Path

from bot.conversation import TRANSITIONS
from bot.settings import Settings
from tests.transcripts import HERE, chats

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def between(marker: str) -> str:
    found = re.search(rf"<!-- {marker} -->\n(.*?)<!-- /{marker} -->", README, re.DOTALL)
    assert found, marker
    return found[1]


def diagram() -> str:
    """The state machine as Mermaid, from its table."""
    lines = ["stateDiagram-v2", "    [*] --> listening"]
    for phase, followers in TRANSITIONS.items():
        lines += [f"    {phase} --> {follower}" for follower in followers if follower != phase]
    return "```mermaid\n" + "\n".join([*lines, "    solved --> [*]"]) + "\n```\n"


def settings_table() -> str:
    """The settings with their meaning in both languages, from where they are defined."""
    lines = ["| setting | is |", "|---|---|"]
    for name, field in Settings.model_fields.items():
        meaning = (field.description or "").replace("\n", "<br>").replace("|", "\\|")
        lines.append(f"| `{name.upper()}` | {meaning} |")
    return "\n".join(lines) + "\n"


def test_the_settings_are_those_that_are_read() -> None:
    assert between("settings") == settings_table()


def test_the_readmes_conversation_is_one_of_the_tests() -> None:
    chat = chats(HERE / "readme.md")[0]
    shown = re.search(r"```chat [^\n]*\n(.*?)^```$", between("conversation"), re.DOTALL | re.MULTILINE)
    assert shown
    assert shown[1] == chat.body


def test_the_diagram_is_made_from_the_state_machines_table() -> None:
    assert between("diagram") == diagram()


def test_every_make_command_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b", README))
    assert {"run", "test"} <= named <= targets


def test_the_modules_that_the_readme_starts_exist() -> None:
    named = set(re.findall(r"python -m (bot|knowledge|checks)\b(?: ([a-z]+)\b)?", README))
    assert {("bot", "serve"), ("bot", "socket"), ("bot", "migrate"), ("knowledge", "match")} <= named
    for module, command in named:
        words = [sys.executable, "-m", module, *([command] if command else []), "--help"]
        assert subprocess.run(words, cwd=ROOT, capture_output=True, check=False).returncode == 0, words


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
