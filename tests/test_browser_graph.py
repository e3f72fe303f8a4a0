"""The drawing of a row, as Chromium shows it."""

from typing import TYPE_CHECKING

import pytest

from knowledge.ladder_svg import svg
from knowledge.rows import LANGUAGES, Language
from tests.browser import marks
from tests.ladders import the_book

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = marks()


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_a_browser_every_text_fits_its_box(language: Language, browser: "Browser") -> None:
    page = browser.new_page()
    page.set_content(svg(the_book(), list(the_book().errors), language))
    outside = page.evaluate(
        """() => {
          const boxes = [...document.querySelectorAll('rect')].map(one => one.getBBox());
          return [...document.querySelectorAll('text')].filter(text => {
            const it = text.getBBox();
            const box = boxes.find(one => it.x > one.x && it.x < one.x + one.width
              && it.y + it.height / 2 > one.y && it.y + it.height / 2 < one.y + one.height);
            return box && (it.x + it.width > box.x + box.width || it.y + it.height > box.y + box.height);
          }).map(text => text.textContent);
        }"""
    )
    assert outside == []
    crossing = page.evaluate(
        """() => {
          const boxes = [...document.querySelectorAll('rect')].map(one => one.getBBox());
          return [...document.querySelectorAll('text:not([class])')].filter(text => {
            const it = text.getBBox();
            return boxes.some(box => it.x < box.x && it.x + it.width > box.x
              && it.y < box.y + box.height && it.y + it.height > box.y);
          }).map(text => text.textContent);
        }"""
    )
    assert crossing == [], "an answer runs into a box"
    page.close()
