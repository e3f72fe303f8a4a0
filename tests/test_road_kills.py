"""A process is killed at every point of the road and another is started: as if nothing had happened.

Whatever was acknowledged is worked exactly once and answered exactly once. The point is found by what the
process has just asked of somebody who does not answer: Slack, an issuer's server, the database. The point
right after the acknowledgement is in test_road_process, with the embedded database.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import psycopg
from cryptography.hazmat.primitives.serialization import Encoding

from bot.correlation import name_of
from bot.workspace.faults import Held, Late, Stalled
from bot.workspace.people import HELPDESK_CHANNEL, SATO, TEAM
from tests.certificates import authority, person
from tests.loglines import parsed
from tests.processes import Machines, answered, is_blocked, met, require_once, with_machines
from tests.revocation_authority import Server, answer, responders
from tests.road import ROW_1, SATOS_DM, buttons, sample, until, words

FOR_LONG = 60.0


async def write(here: Machines, text: str, *files: tuple[str, bytes]) -> str:
    """Sato writes, and is not waited for."""
    return await here.workspace.say(SATO.id, SATOS_DM, text, files)


def test_between_the_state_and_the_reply() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        here.workspace.faults.on_call("chat.postMessage", Held(FOR_LONG))
        ts = await write(here, ROW_1)
        await met(here)
        await machine.kill()
        assert here.ask("SELECT state ->> 'turn' FROM conversations") == [("1",)]
        assert here.said() == []
        await here.start_again()
        await here.settled()
        assert answered(here) == [ts]
        require_once(here, events=1)
        log = here.log.read_text("utf-8")  # of both processes
        found = [line for line in parsed(log) if line.get("event") == name_of(f"{TEAM}:{SATOS_DM}:{ts}")]
        steps = ["accepted", "worked event", "worked again", "delivered"]
        assert [f"{line['message']} {line.get('step', '')}".strip() for line in found] == steps
        hidden = ("user@example.co.jp", "メール", SATO.real_name, here.workspace.bot_token)
        assert [word for word in hidden if word in log] == []

    with_machines(play)


def test_between_sending_and_writing_it_down_and_again_while_it_is_looked_for() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        here.workspace.faults.on_call("chat.postMessage", Late(FOR_LONG))
        ts = await write(here, ROW_1)
        await until(here.said)
        await machine.kill()
        here.workspace.faults.on_call("conversations.replies", Held(FOR_LONG))
        machine = await here.start_again()
        await met(here)
        await machine.kill()
        await here.start_again()
        await here.settled()
        assert answered(here) == [ts]
        assert len(here.workspace.calls_to("chat.postMessage")) == 1
        require_once(here, events=1)

    with_machines(play)


def test_in_the_middle_of_a_clicks_transaction() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        await here.say(ROW_1)
        with psycopg.connect(here.database) as held:
            held.execute("SELECT FROM conversations FOR UPDATE")
            (first,) = here.said()
            assert await here.workspace.click(SATO.id, SATOS_DM, first["ts"], buttons(first)[0]["action_id"])
            await until(lambda: is_blocked(here))
            await machine.kill()
        assert len(here.said()) == 1
        await here.start_again()
        await here.settled()
        assert len(here.said()) == 2
        require_once(here, events=2)

    with_machines(play)


def test_in_the_middle_of_a_download() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        here.workspace.faults.on_file(Stalled(FOR_LONG))
        file = sample("expired")
        await write(here, "", (file.name, file.data))
        await met(here)
        await until(here.said)
        await machine.kill()
        await here.start_again()
        await here.settled()
        (told,) = here.said()
        assert "期限が切れています" in words(told)
        require_once(here, events=1)

    with_machines(play)


def test_while_an_issuer_is_asked_about_a_certificate(tmp_path: Path) -> None:
    now, day = datetime.now(UTC), timedelta(days=1)
    root = authority("Example Root CA", start=now - 900 * day, end=now + 900 * day)
    (tmp_path / "root.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    silent = Event()
    with Server() as server:
        leaf = person(root, responders(server.at("/ocsp")), start=now - 9 * day, end=now + 99 * day)
        server.answers["/ocsp"] = silent

        async def play(here: Machines) -> None:
            machine = await here.start()
            await write(here, "", ("mine.cer", leaf.der))
            await until(lambda: server.asked)
            await machine.kill()
            server.answers["/ocsp"] = answer(leaf, root, revoked=True, start=now - day, end=now + day)
            silent.set()
            await here.start_again()
            await here.settled()
            (told,) = here.said()
            assert "取り消されています（失効）" in words(told)
            assert here.ask("SELECT revoked FROM statuses") == [(True,)]
            require_once(here, events=1)

        allowed = f"127.0.0.1:{server.port}"
        online = {
            "REVOCATION": "on",
            "FETCH_ALLOWED_HOSTS": allowed,
            "TRUST_ROOTS": str(tmp_path / "root.pem"),
        }
        try:
            with_machines(play, **online)
        finally:
            silent.set()


def test_between_the_words_to_the_person_and_the_helpdesks_card() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        here.workspace.faults.spare("chat.postMessage")
        here.workspace.faults.on_call("chat.postMessage", Held(FOR_LONG))
        ts = await write(here, "担当者と話す")
        await met(here)
        await machine.kill()
        assert answered(here) == [ts]
        assert here.said(HELPDESK_CHANNEL) == []
        await here.start_again()
        await here.settled()
        assert answered(here) == [ts]
        assert len(here.said(HELPDESK_CHANNEL)) == 1
        require_once(here, events=1)

    with_machines(play)


def test_between_the_helpdesks_card_and_the_note_of_it() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        here.workspace.faults.spare("chat.postMessage")
        here.workspace.faults.on_call("chat.postMessage", Late(FOR_LONG))
        await write(here, "担当者と話す")
        await until(lambda: here.said(HELPDESK_CHANNEL))
        await machine.kill()
        assert here.ask("SELECT count(*) FROM cards") == [(0,)]
        await here.start_again()
        await here.settled()
        (card,) = here.said(HELPDESK_CHANNEL)
        assert here.ask("SELECT ts FROM cards") == [(card["ts"],)]
        require_once(here, events=1)

    with_machines(play)
