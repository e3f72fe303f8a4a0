"""Reading pictures: the real process and the real models, on windows drawn here and photographed badly."""

import asyncio
import io
import json
import logging
import os
import signal
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.picture_reader import BYTES_AT_MOST, MEMORY_AT_MOST, framed
from bot.pictures import WAITING_AT_MOST, NotRead, Pictures, PictureText, is_picture
from knowledge.load import load
from tests.pictures import DISTORTIONS, FONT, cropped, draw, heic, jpeg, png
from tests.windows import WINDOWS

ROOT = Path(__file__).parents[1]
PATIENT = 100.0  # seconds; what is promised here is what is read, not how fast a busy machine is

pytestmark = pytest.mark.xdist_group("pictures")
draws = pytest.mark.skipif(
    FONT is None and not os.environ.get("NO_SKIP"),
    reason="the tests that draw windows need Noto's fonts (Debian: apt-get install fonts-noto-cjk)",
)

Read = Callable[[bytes], PictureText]


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def pictures(loop: asyncio.Runner) -> Iterator[Pictures]:
    """One process for all tests that only read."""
    found = Pictures(seconds=PATIENT, environment={**os.environ, "SLACK_BOT_TOKEN": "not-for-the-reader"})
    yield found
    loop.run(found.close())


@pytest.fixture
def read(loop: asyncio.Runner, pictures: Pictures) -> Read:
    return lambda data: loop.run(pictures.read(data))


def row(text: PictureText) -> str | None:
    return load().recognise("\n".join(text.lines)).row


def refusal(reading: Coroutine[Any, Any, PictureText], loop: asyncio.Runner) -> str:
    with pytest.raises(NotRead) as refused:
        loop.run(reading)
    return refused.value.reason


# --- what is read ---


@draws
def test_a_window_is_read_line_by_line_and_every_button_is_one(read: Read) -> None:
    assert read(png(draw(WINDOWS["expired"], 1.25))).lines == (
        "インターネットセキュリティ警告",
        "接続しているサーバーは、確認できないセキュリティ証明書を使用しています。",
        "必要な証明書の有効期間が、現在のシステムクロックまたは署名されたファイルのタイムスタンプで確認すると"
        "有効期間内ではありません。",
        "証明書の表示(V)...",
        "このサーバーの使用を続けますか?",
        "はい(Y)",
        "いいえ(N)",
    )


@draws
@pytest.mark.parametrize(
    ("distortion", "window"),
    [
        ("skewed +8°", "alert"),
        ("perspective", "chain"),
        ("blurred", "sign_en"),
        ("moiré", "revocation"),
        ("glare", "recipients_en"),
        ("pale", "decrypt"),
        ("dark", "name_en"),
        ("screen thumb_1024", "sign"),
        ("phone", "certificate"),
    ],
)
def test_a_bad_picture_still_tells_the_error(read: Read, distortion: str, window: str) -> None:
    assert row(read(DISTORTIONS[distortion](WINDOWS[window]))) == WINDOWS[window].row


@draws
def test_the_server_and_the_buttons_are_in_the_text(read: Read) -> None:
    alert = read(png(draw(WINDOWS["alert"]))).lines
    assert "autodiscover.example.co.jp" in alert
    assert alert[-3:] == ("はい(Y)", "いいえ(N)", "証明書の表示(V)")


@draws
def test_the_address_in_a_picture_is_a_fact(read: Read) -> None:
    text = read(png(cropped(draw(WINDOWS["sign"]), 0, 0, 1, 0.5)))
    assert load().recognise("\n".join(text.lines)).facts["address"] == "hanako.sato@example.co.jp"


@draws
def test_another_trouble_in_a_picture_is_not_taken_for_a_certificate(read: Read) -> None:
    text = read(png(draw(WINDOWS["full"])))
    assert "メールボックスがいっぱいです" in "".join(text.lines)
    assert row(text) is None


@draws
def test_half_a_window_gives_what_is_left_of_it(read: Read) -> None:
    text = read(png(cropped(draw(WINDOWS["name"]), 0, 0, 1, 0.36)))
    assert load().recognise("\n".join(text.lines)).decision == "ask"


@draws
def test_a_picture_that_says_which_way_is_up_is_turned(read: Read) -> None:
    lying = draw(WINDOWS["name"]).transpose(Image.Transpose.ROTATE_90)
    assert row(read(jpeg(lying, orientation=6))) == "name_mismatch"


@draws
@pytest.mark.parametrize("degrees", [90, 180])
def test_a_picture_that_lies_on_its_side_or_its_head_is_read_in_order(read: Read, degrees: int) -> None:
    window = draw(WINDOWS["decrypt"]).rotate(degrees, expand=True)
    assert read(png(window)).lines == (
        "Microsoft Outlook",
        "このアイテムを開けません。基になるセキュリティシステムでデジタルID名が見つかりませんでした。",
        "OK",
    )


@draws
def test_an_iphones_heic_is_read(read: Read) -> None:
    assert row(read(heic(draw(WINDOWS["revocation"], 2)))) == "revocation_offline"


def _saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


@draws
@pytest.mark.parametrize("kind", ["BMP", "GIF", "WEBP", "TIFF", "AVIF", "CMYK", "16 bit", "transparent"])
def test_whatever_pillow_opens_is_read(read: Read, kind: str) -> None:
    window = cropped(draw(WINDOWS["decrypt"]), 0, 0.2, 1, 0.6)
    if kind == "CMYK":
        data = _saved(window.convert("CMYK"), "JPEG")
    elif kind == "16 bit":
        data = _saved(window.convert("L").convert("I;16").point(lambda level: level * 200), "PNG")
    elif kind == "transparent":
        clear = window.convert("RGBA")
        clear.putalpha(window.convert("L").point(lambda level: 255 if level < 250 else 0))
        data = png(clear)
    else:
        data = _saved(window, kind)
    assert is_picture(data)
    assert any("デジタルID名が見つかりませんでした" in line for line in read(data).lines)


# --- what is refused ---


def _bomb(wide: int, high: int) -> bytes:
    """A PNG of a few kilobytes that says how large it is, and is."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", wide, high, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes((wide // 8 + 1) * high), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _film(kind: str) -> bytes:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("white", "black")]
    return _saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


_BLANK = png(Image.new("RGB", (200, 100), "white"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"%PDF-1.7 and so on", "not_a_picture", id="a PDF"),
        pytest.param(b"", "not_a_picture", id="nothing at all"),
        pytest.param(b"BM: the bookmark is here", "not_a_picture", id="a text"),
        pytest.param(b"\xff\xd8\xff" + bytes(BYTES_AT_MOST), "too_large", id="too many bytes"),
        pytest.param(_bomb(20_000, 20_000), "too_large", id="a bomb"),
        pytest.param(_bomb(7_500, 7_500), "too_large", id="too many pixels"),
        pytest.param(_film("GIF"), "animated", id="a GIF that moves"),
        pytest.param(_film("PNG"), "animated", id="a PNG that moves"),
        pytest.param(_film("WEBP"), "animated", id="a WebP that moves"),
        pytest.param(_BLANK[: len(_BLANK) // 2], "broken", id="half a PNG"),
        pytest.param(jpeg(Image.effect_noise((400, 300), 80))[:9000], "broken", id="half a JPEG"),
        pytest.param(heic(Image.new("RGB", (64, 64)))[:300], "broken", id="half a HEIC"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"not one" * 9, "broken", id="only the beginning of a PNG"),
        pytest.param(_BLANK, "nothing", id="an empty sheet"),
        pytest.param(png(Image.new("RGB", (3, 3000))), "nothing", id="a line"),
    ],
)
def test_what_cannot_be_read_says_why(
    loop: asyncio.Runner, pictures: Pictures, data: bytes, reason: str
) -> None:
    assert refusal(pictures.read(data), loop) == reason


def test_no_refused_picture_costs_the_process(loop: asyncio.Runner, pictures: Pictures) -> None:
    refusal(pictures.read(_BLANK), loop)
    before = pictures.process
    for data in (_bomb(20_000, 20_000), _film("GIF"), _BLANK[:50], _BLANK):
        refusal(pictures.read(data), loop)
    assert pictures.process == before


# --- the process ---


def _is_there(process: int) -> bool:
    """Whether there is such a process, a zombie counted."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_pictures_are_read_one_after_the_other_and_too_many_are_told_so(
    loop: asyncio.Runner, pictures: Pictures
) -> None:
    async def reasons() -> list[str]:
        many = (pictures.read(_BLANK) for _ in range(WAITING_AT_MOST + 2))
        outcomes = await asyncio.gather(*many, return_exceptions=True)
        return [outcome.reason for outcome in outcomes if isinstance(outcome, NotRead)]

    found = loop.run(reasons())
    assert sorted(found) == ["busy"] * 2 + ["nothing"] * WAITING_AT_MOST


def test_a_reading_that_was_given_up_does_not_answer_the_next(
    loop: asyncio.Runner, pictures: Pictures
) -> None:
    async def give_up() -> int | None:
        refused = asyncio.ensure_future(pictures.read(_film("GIF")))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        refused.cancel()
        with pytest.raises(asyncio.CancelledError):
            await refused
        return pictures.process

    assert loop.run(give_up()) is None
    assert refusal(pictures.read(_BLANK), loop) == "nothing"


@draws
def test_a_process_that_dies_loses_its_picture_and_no_other(loop: asyncio.Runner) -> None:
    async def die_and_go_on() -> None:
        pictures = Pictures(seconds=PATIENT)
        reading = asyncio.ensure_future(pictures.read(_BLANK))
        while pictures.process is None:
            await asyncio.sleep(0)
        first = pictures.process
        os.kill(first, signal.SIGKILL)
        with pytest.raises(NotRead, match="crashed"):
            await reading
        assert not _is_there(first)
        assert "OK" in (await pictures.read(png(draw(WINDOWS["decrypt"])))).lines
        await pictures.close()

    loop.run(die_and_go_on())


def test_a_picture_that_takes_too_long_is_given_up_with_its_process(loop: asyncio.Runner) -> None:
    async def too_long() -> None:
        pictures = Pictures(seconds=0.2)
        reading = asyncio.ensure_future(pictures.read(_BLANK))
        while pictures.process is None:
            await asyncio.sleep(0)
        process = pictures.process
        with pytest.raises(NotRead, match="timeout"):
            await reading
        assert not _is_there(process)

    loop.run(too_long())


def test_closing_ends_the_process_in_the_middle_of_a_picture(loop: asyncio.Runner) -> None:
    async def close() -> None:
        pictures = Pictures(seconds=PATIENT)
        reading = asyncio.ensure_future(pictures.read(_BLANK))
        while pictures.process is None:
            await asyncio.sleep(0)
        process = pictures.process
        await pictures.close()
        with pytest.raises(NotRead, match="crashed"):
            await reading
        assert not _is_there(process)

    loop.run(close())


def test_an_unused_process_goes(loop: asyncio.Runner) -> None:
    async def go() -> None:
        pictures = Pictures(seconds=PATIENT, kept=0)
        with pytest.raises(NotRead, match="nothing"):
            await pictures.read(_BLANK)
        process = pictures.process
        assert process
        while pictures.process is not None:
            await asyncio.sleep(0)
        await pictures.close()
        assert not _is_there(process)

    loop.run(go())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's limits")
def test_the_process_knows_no_setting_and_can_open_nothing(loop: asyncio.Runner, pictures: Pictures) -> None:
    refusal(pictures.read(_BLANK), loop)
    place = Path(f"/proc/{pictures.process}")
    assert b"not-for-the-reader" not in (place / "environ").read_bytes()
    limits = {line[:26].strip(): line[26:].split()[0] for line in (place / "limits").read_text().splitlines()}
    assert limits["Max open files"] == "0"
    assert limits["Max file size"] == "0"
    assert limits["Max core file size"] == "0"
    assert limits["Max address space"] == str(MEMORY_AT_MOST)


_WATCHED = """
import sys
def watch(event, told):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen", "os.exec"):
        print(event, file=sys.stderr)
    if event == "open" and isinstance(told[1], str) and set(told[1]) & set("wax+") and told[0] != "/dev/null":
        if isinstance(told[0], str): print(event, told[0], file=sys.stderr)
sys.addaudithook(watch)
import bot.picture_reader
bot.picture_reader.main()
"""


def _reader(code: str, sent: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-B", "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        input=sent,
        capture_output=True,
        timeout=PATIENT,
    )


def _answer(sent: bytes) -> Any:
    assert int.from_bytes(sent[:4], "big") == len(sent) - 4
    return json.loads(sent[4:])


def test_reading_connects_to_nobody_writes_nothing_and_ends_with_its_input() -> None:
    done = _reader(_WATCHED, framed(_BLANK))
    assert done.stderr.decode() == ""
    assert done.returncode == 0
    assert _answer(done.stdout) == {"refused": "nothing"}


@pytest.mark.parametrize("package", ["rapidocr", "pillow_heif"])
def test_without_the_extra_a_picture_is_refused_and_not_the_bot(package: str) -> None:
    code = f"import sys; sys.modules[{package!r}] = None; import bot.picture_reader as r; r.main()"
    assert _answer(_reader(code, framed(_BLANK)).stdout) == {"refused": "absent"}


@draws
def test_neither_picture_nor_text_is_logged(
    loop: asyncio.Runner, pictures: Pictures, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        text = loop.run(pictures.read(png(draw(WINDOWS["decrypt"]))))
    assert text.lines[0] == "Microsoft Outlook"
    assert "Outlook" not in caplog.text
    assert "デジタル" not in caplog.text
