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

    `run` gets the tables, in order, and what was typed; beside it `tables` is the company's folder or None,
    `remarks` what was noticed in it.
    It returns the exit code: 0 if all is well, 1 if an input cannot be read. Without `own` it gets the
    built-in tables alone, whatever the company's hold.
    """

    name: str
    help: str
    run: Callable[[Book, Namespace], int]
    arguments: Callable[[ArgumentParser], None] = _no_arguments
    own: bool = True
