"""Options of the test run."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from knowledge.book import Book


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept",
        action="store_true",
        help="rewrite the bot's lines in conversations and scenes to what it says; the diff is the review",
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the product's page is, for the browser tests."""
    from tests.browser import product  # only they need what it imports

    with product(tmp_path_factory.mktemp("product") / "var") as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium, for the browser tests."""
    from tests.browser import chromium

    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def book() -> "Book":
    """The tables as they come, with a channel for the helpdesk."""
    from tests.transcripts import book_for

    return book_for(False, True)
