"""`python -m tests.documents`: writes into README what is made from the code. A test compares it.

What is made stands between `<!-- name -->` and `<!-- /name -->`.
"""

import contextlib
import importlib
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from unittest.mock import patch

from bot.commands import COMMANDS
from bot.conversation import TRANSITIONS
from bot.settings import Settings
from tests.architecture import picture
from tests.transcripts import HERE, chats

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


def conversation() -> str:
    """One of the tests' conversations."""
    return f"```chat ja company\n{chats(HERE / 'readme.md')[0].body}```\n"


def diagram() -> str:
    """The state machine as Mermaid, from its table."""
    lines = ["stateDiagram-v2", "    [*] --> listening"]
    for phase, followers in TRANSITIONS.items():
        lines += [f"    {phase} --> {follower}" for follower in followers if follower != phase]
    return "```mermaid\n" + "\n".join([*lines, "    solved --> [*]"]) + "\n```\n"


def settings() -> str:
    """The settings with their meaning in both languages, from where they are defined."""
    lines = ["| setting | is |", "|---|---|"]
    for name, field in Settings.model_fields.items():
        meaning = (field.description or "").replace("\n", "<br>").replace("|", "\\|")
        lines.append(f"| `{name.upper()}` | {meaning} |")
    return "\n".join(lines) + "\n"


def helps() -> str:
    """What each command says of itself when asked with --help."""
    return "".join(_folded(module, [(), *((name,) for name in names)]) for module, names in commands())


def commands() -> Iterator[tuple[str, list[str]]]:
    """The modules that can be started, and the commands of each."""
    yield "bot", list(COMMANDS)
    named = re.search(r"\{([a-z,]+)\}", _help("knowledge"))
    assert named
    yield "knowledge", named[1].split(",")
    yield "checks", []


def _folded(module: str, commands: Iterable[tuple[str, ...]]) -> str:
    shown = "\n\n".join(
        f"$ {' '.join(('python -m', module, *words))} --help\n{_help(module, *words).rstrip()}"
        for words in commands
    )
    name = f"<code>python -m {module}</code>"
    return f"<details><summary>{name}</summary>\n\n```text\n{shown}\n```\n</details>\n"


def _help(module: str, *words: str) -> str:
    said = io.StringIO()
    main: Callable[[list[str]], int] = importlib.import_module(f"{module}.__main__").main
    plain = {"COLUMNS": "110", "NO_COLOR": "1", "PYTHON_COLORS": "0"}
    with patch.dict(os.environ, plain), contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        main([*words, "--help"])
    return said.getvalue()


MADE: Mapping[str, Callable[[], str]] = {
    "conversation": conversation,
    "diagram": diagram,
    "architecture": picture,
    "settings": settings,
    "help": helps,
}


def between(name: str, text: str) -> re.Match[str]:
    """What stands between a name's marks."""
    found = re.search(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", text, re.DOTALL)
    assert found, name
    return found


def main() -> None:
    text = README.read_text("utf-8")
    for name, made in MADE.items():
        place = between(name, text)
        text = text[: place.start()] + made() + text[place.end() :]
    README.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
