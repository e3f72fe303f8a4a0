"""`python -m knowledge diff`: what the company's tables change."""

from argparse import Namespace

from knowledge.book import Book
from knowledge.commands.command import Command
from knowledge.difference import difference
from knowledge.load import load, own_words


def run(book: Book, given: Namespace) -> int:
    """Print what is added, replaced and switched off, or that nothing is."""
    if given.tables is None:
        print("There are no tables of your own: neither KNOWLEDGE_DIR nor --tables names a folder.")
        return 0
    lines = list(difference(load(), book, own_words(given.tables)))
    if not lines:
        print(f"{given.tables}: changes nothing of what is built in.")
        return 0
    print("+ added   ~ replaced: - before, + now   off: switched off\n")
    print("\n".join(lines).rstrip())
    return 0


COMMAND = Command("diff", "what the company's tables change: added, replaced (old, new), switched off", run)
