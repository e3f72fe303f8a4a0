"""`python -m tests.guide`: the employees' sheet of paper, with pictures from the running product."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Locator

from tests.browser import HANAKO, ROOT, Visit, chromium, product
from tests.transcripts import sample_files

GUIDE = ROOT / "bot" / "guide"
SHEET = GUIDE / "employees.ja.html"
PAPER = GUIDE / "employees.ja.pdf"
WIDTH, HEIGHT = 400, 980


def print_sheet(browser: Browser, to: Path) -> None:
    """The sheet as a PDF."""
    page = browser.new_page()
    page.goto(SHEET.as_uri())
    page.pdf(path=to, prefer_css_page_size=True, print_background=True, tagged=True)


def take(visit: Visit, place: Locator, name: str) -> None:
    """The part of the page from this place on."""
    place.evaluate("element => element.closest('[data-testid=message]').scrollIntoView({block: 'start'})")
    visit.page.wait_for_timeout(400)  # a picture is taken of what stands still
    box = visit.messages.bounding_box()
    assert box
    clip: FloatRect = {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}
    visit.page.screenshot(path=GUIDE / name, clip=clip)


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        product(Path(folder) / "var") as address,
        chromium() as browser,
    ):
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=2, has_touch=True
        )
        hanako = Visit(page, address, HANAKO)
        hanako.sees("パスワードや .pfx／.p12 ファイルは送らないでください")
        hanako.write("署名に使う証明書が見つからないと Outlook に出て、見積もりが送れません")
        hanako.sees("変わったことはありますか")
        take(hanako, hanako.sees("署名に使う証明書が見つからないと"), "1.png")
        hanako.attach(("expired.cer", sample_files()[0]["expired.cer"]))
        hanako.page.get_by_test_id("send").click()
        hanako.sees("新しい証明書は、もう受け取りましたか")
        take(hanako, hanako.sees("証明書の期限が切れています"), "2.png")
        hanako.press("受け取った")
        hanako.sees("解決した")
        take(hanako, hanako.sees("Outlook が使う証明書を選び直します"), "3.png")
        print_sheet(browser, PAPER)


if __name__ == "__main__":
    main()
