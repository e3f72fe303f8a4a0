"""The product in a real browser: `python -m bot` in a process of its own, and Chromium on its page."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, ViewportSize, expect, sync_playwright

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Without these Chromium looks for its maker's hosts at every start.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000
"""Milliseconds until what must come is given up: only a fault takes so long, whatever else runs."""
expect.set_options(timeout=PATIENCE)

DESKTOP: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}

HANAKO, ALEX, KEN, ROBIN = "U0SATO00001", "U0SMITH0001", "U0SUZUKI001", "U0LEE000001"


def marks() -> list[pytest.MarkDecorator]:
    """What every module of browser tests is marked with."""
    return [
        pytest.mark.browser,
        pytest.mark.skipif(
            CHROMIUM is None and not os.environ.get("NO_SKIP"),
            reason="the browser tests need Chromium (Debian: apt-get install chromium fonts-noto-cjk)",
        ),
        pytest.mark.xdist_group("browser"),
        pytest.mark.filterwarnings("ignore::ResourceWarning"),
    ]


@contextmanager
def product(data: Path, **settings: str) -> Iterator[str]:
    """`python -m bot` with these settings and none of Slack's, on a free port; gives the page's address."""
    told = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH")
    environment = {name: os.environ[name] for name in told if name in os.environ}
    environment |= {"DATA_DIR": str(data), "PORT": "0", "PYTHONUNBUFFERED": "1"} | settings
    with (data.parent / "bot.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    yield found[0]
                    break
            else:
                raise AssertionError((data.parent / "bot.log").read_text())
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)
            process.stdout.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One person at the page."""

    def __init__(self, page: Page, address: str, user: str) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE)
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)
        page.goto(f"{address}/?user={user}")
        page.get_by_test_id("composer").wait_for()

    @property
    def messages(self) -> Locator:
        return self.page.get_by_test_id("message-list")

    def go(self, channel: str) -> None:
        """Open another conversation; on a phone the list of them is behind a button."""
        entry = self.page.get_by_test_id(f"channel-{channel}")
        if not entry.is_visible():
            self.page.get_by_test_id("menu").click()
        entry.click()

    def write(self, text: str) -> None:
        """Type into the composer of the open conversation and send it by Enter."""
        field = self.page.get_by_test_id("composer")
        field.fill(text)
        field.press("Enter")

    def attach(self, *files: tuple[str, bytes]) -> None:
        chosen: list[FilePayload] = [
            {"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in files
        ]
        self.page.get_by_test_id("file-input").set_input_files(chosen)

    def sees(self, text: str) -> Locator:
        """The newest place in the conversation where this stands; waits for it."""
        place = self.messages.get_by_text(text).last
        place.wait_for()
        return place

    def press(self, label: str) -> None:
        """The newest button with this label."""
        button = self.messages.get_by_role("button", name=label, exact=True).last
        button.click()

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )


def visit(browser: Browser, address: str, user: str, size: ViewportSize | None = None) -> Visit:
    """Somebody opens the page: at a desk, or with a screen of this size under their finger."""
    page = browser.new_page(viewport=size or DESKTOP, has_touch=size is not None)
    return Visit(page, address, user)
