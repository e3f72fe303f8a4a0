"""`python -m tests.screenshot`: the README's picture, taken from the running product."""

import tempfile
from pathlib import Path

from tests.browser import HANAKO, ROOT, Visit, chromium, product
from tests.transcripts import sample_files

PICTURE = ROOT / "bot" / "workspace" / "screenshot.png"


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        product(Path(folder) / "var") as address,
        chromium() as browser,
    ):
        page = browser.new_page(viewport={"width": 1120, "height": 1120})
        hanako = Visit(page, address, HANAKO)
        hanako.sees("パスワードや .pfx／.p12 ファイルは送らないでください")
        hanako.write("署名に使う証明書が見つからないと Outlook に出て、見積もりが送れません")
        hanako.sees("変わったことはありますか")
        hanako.attach(("expired.cer", sample_files()[0]["expired.cer"]))
        hanako.page.get_by_test_id("send").click()
        hanako.sees("新しい証明書は、もう受け取りましたか")
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
