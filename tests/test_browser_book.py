"""What the head of IT signs, as Chromium shows it: no table is wider than a phone, or than the paper."""

from typing import TYPE_CHECKING

from knowledge.approval.document import document
from knowledge.approval.page import Source
from knowledge.load import load
from tests.browser import PHONE, marks
from tests.test_knowledge_book import DAY, example

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = marks()

A4 = 680
"""CSS pixels of the text's width on A4 with the page's margins."""

WIDER = """() => [document.documentElement, ...document.querySelectorAll('.wide')]
    .filter(one => one.scrollWidth > one.clientWidth + 1)
    .map(one => (one.firstElementChild.className || one.tagName) + ' ' + one.scrollWidth)"""


def shown(browser: "Browser", width: int) -> "Page":
    page = browser.new_page(viewport={"width": width, "height": PHONE["height"]})
    page.set_content(document(Source(example(), load(), DAY)))
    return page


def test_on_a_phone_neither_the_page_nor_a_table_is_scrolled_sideways(browser: "Browser") -> None:
    page = shown(browser, PHONE["width"])
    assert page.evaluate(WIDER) == []
    page.close()


def test_on_paper_no_table_is_wider_than_the_page(browser: "Browser") -> None:
    page = shown(browser, A4)
    page.emulate_media(media="print")
    assert page.evaluate(WIDER) == []
    page.close()
