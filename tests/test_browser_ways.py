"""Every way in, in Chromium, with the bot itself: the Home tab, its dialog, /certhelp, the shortcut."""

from playwright.sync_api import Browser, expect

from tests.browser import ALEX, HANAKO, KEN, PHONE, ROBIN, marks, visit

pytestmark = marks()

NAME_MISMATCH = "対象のプリンシパル名が間違っています"


def test_home_begins_a_conversation_by_its_dialog_and_then_shows_it(browser: Browser, address: str) -> None:
    hanako = visit(browser, address, HANAKO, PHONE)
    page = hanako.page
    page.get_by_role("tab", name="ホーム").click()
    page.get_by_role("button", name="相談を始める").click()
    dialog = page.get_by_role("dialog", name="証明書エラーの相談")
    dialog.get_by_role("button", name="相談する").click()
    expect(dialog.get_by_role("alert").first).to_be_visible()  # nothing was entered
    dialog.get_by_label("Outlook に出たエラーの文").fill(f"送信すると「{NAME_MISMATCH}」と出ます")
    dialog.get_by_label("メールサーバーの名前").fill("mail.example.co.jp")
    dialog.get_by_role("button", name="相談する").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("tab", name="メッセージ").click()
    hanako.sees("ドメインの不一致")
    hanako.sees("サーバーの名前: mail.example.co.jp")
    page.get_by_role("tab", name="ホーム").click()
    expect(page.get_by_test_id("home")).to_contain_text("ドメインの不一致")
    assert hanako.overflow() <= 0
    assert hanako.faults == []


def test_home_is_turned_into_the_other_language(browser: Browser, address: str) -> None:
    alex = visit(browser, address, ALEX)
    alex.page.get_by_role("tab", name="Home").click()
    home = alex.page.get_by_test_id("home")
    home.get_by_role("button", name="日本語").click()
    expect(home).to_contain_text("相談を始める")
    home.get_by_role("button", name="English").click()
    expect(home).not_to_contain_text("相談を始める")
    assert alex.faults == []


def test_the_command_opens_the_dialog_with_its_text_in_the_persons_language(
    browser: Browser, address: str
) -> None:
    alex = visit(browser, address, ALEX)
    alex.write("/certhelp Outlook says my signing certificate has expired")
    dialog = alex.page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox").first).to_have_value(
        "Outlook says my signing certificate has expired"
    )
    dialog.get_by_role("button").last.click()
    alex.sees("Have you received the new certificate yet?")
    assert alex.faults == []


def test_what_a_colleague_pasted_in_a_channel_is_answered_to_them(browser: Browser, address: str) -> None:
    ken = visit(browser, address, KEN)
    ken.go("general")
    ken.write(f"Outlook で「{NAME_MISMATCH}」と出て送れません")
    hanako = visit(browser, address, HANAKO)
    hanako.go("general")
    message = hanako.messages.get_by_test_id("message").filter(has_text=NAME_MISMATCH)
    message.hover()
    message.get_by_role("button", name="その他の操作").click()
    hanako.page.get_by_role("menuitem", name="証明書エラーを調べる").click()
    hanako.sees("さんに、DM でご案内しました")
    ken.go("証明書ヘルプ")
    ken.sees("ドメインの不一致")
    assert hanako.faults == ken.faults == []


def test_somebody_of_another_company_learns_nothing(browser: Browser, address: str) -> None:
    robin = visit(browser, address, ROBIN)
    robin.write("@証明書ヘルプ my certificate has expired in Outlook")
    robin.sees("only for members of the company")
    assert robin.messages.get_by_text("Talk to a person").count() == 0
    assert robin.faults == []
