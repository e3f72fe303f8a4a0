"""`python -m knowledge template`: a company.toml to begin with, in which nothing is switched on."""

from argparse import Namespace
from pathlib import Path

from knowledge.book import Book
from knowledge.commands.command import Command

TEMPLATE = Path(__file__).parents[1] / "template" / "company.toml"


def run(_: Book, __: Namespace) -> int:
    """Print it: every entry with what it is for, each as a remark until the company takes it up."""
    print(TEMPLATE.read_text("utf-8"), end="")
    return 0


COMMAND = Command("template", "a company.toml to begin with: every entry, none switched on", run, own=False)
