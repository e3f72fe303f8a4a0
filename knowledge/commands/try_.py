"""`python -m knowledge try`: a talk in the terminal by the edited tables."""

from argparse import ArgumentParser, Namespace

from knowledge.book import Book
from knowledge.commands.command import Command
from knowledge.rows import LANGUAGES


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--language", choices=LANGUAGES, default="ja", help="in which it begins")


def run(book: Book, given: Namespace) -> int:
    """Talk until Ctrl-D or Ctrl-C."""
    from knowledge.trying import from_the_terminal, talk  # it knows the bot, which nothing else here needs

    try:
        talk(book, given.tables, given.language, from_the_terminal)
    except KeyboardInterrupt:
        print()
    return 0


COMMAND = Command("try", "talk with the bot in the terminal by the tables as they are", run, arguments)
