"""`python -m tests.architecture`: the picture of the parts in README, made from the code's own imports.

Every module belongs to one part. An arrow stands where a module of one part imports a module of another;
what follows from two other arrows is left out, so that the picture can be read.
"""

from collections.abc import Callable, Mapping
from itertools import product

from tests.test_arrows import EXCEPTIONS, imported, pure_modules, sources

Graph = Mapping[str, frozenset[str]]
"""A name, and those that it imports."""

PARTS: Mapping[str, str] = {
    "start": "start<br>commands, what they gather, the parts put together",
    "doctor": "doctor (pure)<br>what is wrong, and its cure",
    "report": "report (pure)<br>how cases ended, in figures and drawings",
    "workspace": "workspace<br>a small Slack on this machine and its page",
    "events": "Slack's events<br>payloads become what people did",
    "road": "the durable road<br>accepted, worked once, delivered in order",
    "calls": "Slack's Web API<br>calls, files, pace",
    "store": "store<br>what is remembered, in PostgreSQL",
    "pictures": "pictures<br>read in a process of their own",
    "drawing": "drawing (pure)<br>Block Kit, plain text",
    "dialogue": "dialogue (pure)<br>step(conversation, event, book)",
    "knowledge": "knowledge<br>tables, recognition, decision",
    "checks": "checks<br>what a certificate tells",
    "settings": "settings<br>the environment, checked",
    "signals": "signals<br>log, counters, which event it was",
}

# Named here is what neither its package, nor its purity, nor the tables it asks would put into its part.
NAMED: Mapping[str, str] = {
    "start": "__main__ admission commands healthcheck local report running serve starting watch_list web",
    "settings": "environment settings setting_faults setting_shapes",
    "doctor": "tokens",
    "report": "weekly_words",
    "events": "payloads slack mrkdwn entry",
    "road": "acceptance arrivals cases forget gauges incidents incident_places missed pulse sightings "
    "weekly_turns",
    "calls": "authors calls desk dms files inspecting pace passing profiles sent status way_out",
    "store": "database migrate pool postgres store tables ticks",
    "drawing": "blocks home limits notice_home plain slack_text",
    "signals": "correlation logs metrics",
}
_PART_OF = {f"bot.{name}": part for part, names in NAMED.items() for name in names.split()}


def graph() -> Graph:
    """What each module imports of the others; without the migrations, and what the arrows' test excepts."""
    left_out = (*EXCEPTIONS, "bot.migrations")
    modules = {
        name: text for name, text in sources().items() if "." in name and not name.startswith(left_out)
    }
    return {
        name: frozenset((imported(name, text) & modules.keys()) - {name, "bot.workspace"})
        for name, text in modules.items()
    }


def parts(modules: Graph) -> Callable[[str], str]:
    """Which part a module belongs to."""
    pure = pure_modules(sources())

    def part(module: str) -> str:
        package, name = module.split(".")[:2]
        if package != "bot":
            return package
        if name == "workspace":
            return "workspace"
        if module in _PART_OF:
            return _PART_OF[module]
        if name.startswith("report_"):
            return "report"
        if name == "doctor":
            return "doctor" if module in pure else "start"
        if (name.startswith("picture") and module not in pure) or name == "picture_lines":
            return "pictures"
        if module in pure:
            return "dialogue"
        return "store" if "bot.tables" in modules[module] else "road"

    return part


def arrows(modules: Graph) -> dict[str, set[str]]:
    """From each part to those it imports."""
    part = parts(modules)
    found: dict[str, set[str]] = {name: set() for name in PARTS}
    for module, near in modules.items():
        found[part(module)] |= {part(one) for one in near}
    return {name: near - {name} for name, near in found.items()}


def reached(found: Mapping[str, set[str]], start: str) -> set[str]:
    """All that can be reached from a part; the part itself only if its arrows lead back to it."""
    seen: set[str] = set()
    waiting = set(found[start])
    while waiting:
        one = waiting.pop()
        seen.add(one)
        waiting |= found[one] - seen
    return seen


def picture() -> str:
    """The parts and their arrows as Mermaid. Raises ValueError where arrows run in a circle."""
    found = arrows(graph())
    if round_ := [name for name in found if name in reached(found, name)]:
        raise ValueError(f"parts that import each other: {', '.join(round_)}")
    lines = ["flowchart TD", *(f'    {name}["{means}"]' for name, means in PARTS.items())]
    for one, other in product(PARTS, PARTS):
        if other in found[one] and not any(other in reached(found, near) for near in found[one] - {other}):
            lines.append(f"    {one} --> {other}")
    return "```mermaid\n" + "\n".join(lines) + "\n```\n"


if __name__ == "__main__":
    print(picture(), end="")
