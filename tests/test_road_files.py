"""A dropped file: "checking" at once, turned into the result; the bytes are kept nowhere."""

import base64
from datetime import UTC, datetime

import pytest

from bot.outbox import Outbox
from bot.todo import Undone
from bot.workspace.faults import Redirect, ServerError, SignInPage
from bot.workspace.people import GENERAL_CHANNEL, SATO
from bot.workspace.samples import Sample
from tests.certificates import person
from tests.road import ROW_1, SATOS_DM, Stage, on_stage, sample, words


def a_file(name: str, data: bytes) -> Sample:
    return Sample(name, data, {}, None)


def everything_kept(here: Stage) -> str:
    """All that the database holds, as text."""
    tables = [
        name
        for (name,) in here.ask(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        )
    ]
    return "\n".join(str(here.ask(f"SELECT to_jsonb(t) FROM {table} t")) for table in tables)


def test_a_certificate_is_checked_and_the_message_becomes_the_result() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1, sample("expired"))
        (answer,) = here.said()
        assert "期限" in words(answer)
        assert len(here.workspace.calls_to("chat.postMessage")) == 1
        assert len(here.workspace.calls_to("chat.update")) == 1
        assert here.ask("SELECT state -> 'report' ->> 'headline' FROM conversations") == [("expired",)]

    on_stage(play)


def test_a_certificate_without_end_is_shown_in_every_time_zone() -> None:
    async def play(here: Stage) -> None:
        ends = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
        await here.say("", a_file("mine.cer", person(end=ends).der))
        assert "9999/12/31" in words(here.said()[-1])

    on_stage(play)


def test_a_good_certificate_alone_goes_on_to_the_pc() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("", sample(None))
        assert here.ask("SELECT state -> 'report' ->> 'verdict' FROM conversations") == [("usable",)]

    on_stage(play)


def test_the_bytes_of_a_file_are_kept_nowhere() -> None:
    async def play(here: Stage) -> None:
        file = sample("expired")
        await here.say("", file)
        kept = everything_kept(here)
        body = file.data
        if body.startswith(b"-----"):
            body = base64.b64decode(b"".join(body.splitlines()[1:-1]))
        middle = body[len(body) // 2 :][:48]
        assert base64.b64encode(middle[:45]).decode() not in kept
        assert middle[:16].hex() not in kept
        assert repr(middle[:16])[2:-1] not in kept

    on_stage(play)


def test_a_private_key_is_refused_and_never_kept() -> None:
    async def play(here: Stage) -> None:
        file = sample("private_key_uploaded")
        await here.say("", file)
        (answer,) = here.said()
        assert "秘密" in words(answer)
        lines = [line for line in file.data.decode().splitlines() if len(line) > 40]
        kept = everything_kept(here)
        assert lines
        assert not any(line in kept for line in lines)

    on_stage(play)


@pytest.mark.parametrize(
    "file",
    [
        a_file("empty.cer", b""),
        a_file("half.cer", b"-----BEGIN CERTIFICATE-----\nMIIB"),
        a_file("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(200)),
        a_file("large.cer", b"x" * 5_000_000),
        a_file("page.html", b"<!doctype html><title>a</title>"),
        a_file("a\u202ecer.<!channel>", b"text"),
    ],
    ids=lambda file: repr(file.name),
)
def test_what_is_no_certificate_gets_a_clear_sentence(file: Sample) -> None:
    async def play(here: Stage) -> None:
        await here.say("", file)
        (answer,) = here.said()
        assert len(words(answer)) > 10
        assert "<!channel>" not in answer["text"]
        assert here.ask("SELECT failure FROM outbox WHERE failure IS NOT NULL") == []

    on_stage(play)


def test_a_sign_in_page_is_not_taken_for_the_file() -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_file(SignInPage())
        await here.say("", sample(None))
        (answer,) = here.said()
        assert here.ask("SELECT state ->> 'report' FROM conversations") == [(None,)]
        assert len(words(answer)) > 10

    on_stage(play)


def test_a_redirect_to_another_host_is_not_followed() -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_file(Redirect("https://files.example.com/a.cer"))
        await here.say("", sample(None))
        assert len(here.said()) == 1
        assert here.ask("SELECT state ->> 'report' FROM conversations") == [(None,)]

    on_stage(play)


def test_a_file_server_that_fails_is_asked_again() -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_file(ServerError())
        await here.say("", sample(None))
        assert here.ask("SELECT state -> 'report' ->> 'verdict' FROM conversations") == [("usable",)]

    on_stage(play)


def test_of_two_files_the_good_one_counts_and_the_broken_one_is_named() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1, a_file("broken.cer", b"-----BEGIN CERTIFICATE-----\nMIIB"), sample("expired"))
        (answer,) = here.said()
        assert "broken.cer" in words(answer)
        assert here.ask("SELECT state -> 'report' ->> 'headline' FROM conversations") == [("expired",)]

    on_stage(play)


def test_a_file_that_was_deleted_meanwhile_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(here: Stage) -> None:
        monkeypatch.setattr(here.workspace.state, "content", lambda _: None)
        await here.say("", sample(None))
        (answer,) = here.said()
        assert len(words(answer)) > 10

    on_stage(play)


def test_who_dies_after_the_inspection_says_the_result_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(here: Stage) -> None:
        send = Outbox.send
        deaths: list[Undone] = []

        async def dies_at_the_result(self: Outbox, undone: Undone) -> None:
            if here.said() and not deaths:
                deaths.append(undone)
                raise ConnectionResetError
            await send(self, undone)

        monkeypatch.setattr(Outbox, "send", dies_at_the_result)
        await here.say("", sample("expired"))
        assert len(deaths) == 1
        (answer,) = here.said()
        assert "期限" in words(answer)
        assert here.ask("SELECT state ->> 'turn' FROM conversations") == [("2",)]

    on_stage(play)


def test_a_result_whose_message_was_deleted_is_said_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(here: Stage) -> None:
        send = Outbox.send

        async def deleted_before_the_result(self: Outbox, undone: Undone) -> None:
            for said in here.said():
                here.workspace.remove(here.workspace.channels[SATOS_DM], said)
            await send(self, undone)

        monkeypatch.setattr(Outbox, "send", deleted_before_the_result)
        await here.say("", sample("expired"))
        (answer,) = here.said()
        assert "期限" in words(answer)

    on_stage(play)


def test_in_a_channel_the_details_are_the_owners_alone() -> None:
    async def play(here: Stage) -> None:
        await here.say("@certificate_help " + ROW_1, sample("expired"), channel=GENERAL_CHANNEL)
        everybody = "\n".join(words(said) for said in here.said(GENERAL_CHANNEL))
        mine = "\n".join(words(said) for said in here.workspace.ephemerals(GENERAL_CHANNEL, SATO.id))
        assert "Example Issuing CA" not in everybody
        assert "Example Issuing CA" in mine

    on_stage(play)
