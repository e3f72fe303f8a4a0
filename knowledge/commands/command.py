"""What a command of `python -m knowledge` is."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from knowledge.book import Book


def _no_arguments(parser: ArgumentParser) -> None:
    """It takes none."""


@dataclass(frozen=True)
class Command:
    """A command by its name: one line of help, its arguments, and what it does with the tables.

    `run` gets the tables, in order, and what was typed; `tables` of that is the company's folder or None.
    It returns the exit code: 0 if all is well, 1 if an input cannot be read.
    """

    name: str
    help: str
    run: Callable[[Book, Namespace], int]
    arguments: Callable[[ArgumentParser], None] = _no_arguments
