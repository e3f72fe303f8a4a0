"""A picture dropped into the chat: read by the real reader, answered like a text, kept nowhere."""

import os

import pytest
from PIL import Image

from bot.workspace.samples import Sample
from tests.pictures import FONT, draw, jpeg, noisy, png
from tests.road import Stage, on_stage, sample, words
from tests.windows import WINDOWS

pytestmark = [
    pytest.mark.xdist_group("pictures"),
    pytest.mark.skipif(
        FONT is None and not os.environ.get("NO_SKIP"),
        reason="the tests that draw windows need Noto's fonts (Debian: apt-get install fonts-noto-cjk)",
    ),
]

NAME = WINDOWS["name"]


def picture(name: str, data: bytes) -> Sample:
    return Sample(name, data, {}, None)


def test_a_screenshot_alone_is_answered_with_its_error_and_kept_nowhere() -> None:
    async def play(here: Stage) -> None:
        data = png(draw(NAME))
        await here.say("", picture("screenshot.png", data))
        (answer,) = here.said()
        assert "画面の文字を読みました" in words(answer)
        assert "ドメインの不一致" in words(answer)
        assert here.ask("SELECT state ->> 'row' FROM conversations") == [("name_mismatch",)]
        assert here.ask("SELECT count(*) FROM outbox WHERE body IS NOT NULL") == [(0,)]

    on_stage(play)


def test_slacks_own_rendition_is_read_where_the_picture_is_too_large() -> None:
    async def play(here: Stage) -> None:
        large = Image.new("RGB", (2600, 2600), "white")
        large.paste(draw(NAME, 3.0), (100, 300))
        data = png(noisy(large, 25))
        assert len(data) > 10 * 1024 * 1024
        await here.say("", picture("screen.png", data))
        assert here.ask("SELECT state ->> 'row' FROM conversations") == [("name_mismatch",)]

    on_stage(play)


def test_a_picture_that_tells_nothing_is_answered_with_the_usual_lines() -> None:
    async def play(here: Stage) -> None:
        await here.say("", picture("sky.jpg", jpeg(Image.new("RGB", (900, 600), (120, 160, 220)))))
        (answer,) = here.said()
        assert "読み取れませんでした" in words(answer)
        await here.press(answer, "row:untrusted_chain")
        assert "チェーン切れ" in words(here.said()[-1])

    on_stage(play)


def test_ten_pictures_in_one_message_are_all_answered() -> None:
    async def play(here: Stage) -> None:
        data = png(draw(NAME))
        await here.say("", *(picture(f"{number}.png", data) for number in range(10)))
        assert here.ask("SELECT state ->> 'row' FROM conversations") == [("name_mismatch",)]

    on_stage(play)


def test_half_a_picture_is_refused_in_a_sentence() -> None:
    async def play(here: Stage) -> None:
        data = png(draw(NAME))
        await here.say("", picture("cut.png", data[: len(data) // 3]))
        assert "開けませんでした" in words(here.said()[-1])

    on_stage(play)


def test_a_certificate_with_a_pictures_name_is_checked_as_a_certificate() -> None:
    async def play(here: Stage) -> None:
        await here.say("", picture("mine.png", sample("expired").data))
        assert "期限が切れています" in words(here.said()[-1])

    on_stage(play)
