"""A process is killed while a notice is put up, and while it is read: it is up once, and read once."""

from bot.local import MANIFEST
from bot.workspace.faults import Held, Late
from bot.workspace.installed import read_manifest
from bot.workspace.people import SATO, SUZUKI
from bot.workspace.workspace import Workspace
from tests.processes import Machines, met, with_machines
from tests.road import ROW_1, SATOS_DM, until, words
from tests.test_road_notices import NOTICE, opened, times

FOR_LONG = 60.0


def test_between_what_was_entered_and_what_is_shown_of_it_and_again_while_somebody_reads_it() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        view = await opened(here)
        here.workspace.faults.on_call("views.publish", Held(FOR_LONG))
        await here.workspace.submit(SUZUKI.id, view["id"], {"notice_ja": {"entered": NOTICE}})
        await met(here)
        await machine.kill()
        machine = await here.start_again()
        await here.settled()
        assert here.ask("SELECT count(*) FROM notices") == [(1,)]
        assert NOTICE in words(here.workspace.state.homes[SUZUKI.id])

        here.workspace.faults.on_call("chat.postMessage", Late(FOR_LONG))
        await here.workspace.say(SATO.id, SATOS_DM, ROW_1)
        await met(here)
        await until(lambda: times(here) == 1)  # it is out, and not noted
        await machine.kill()
        await here.start_again()
        await here.settled()
        assert len(here.said()) == 1
        await here.say("わからない")
        assert times(here) == 1

    app = read_manifest(MANIFEST)
    with_machines(play, workspace=Workspace(app=app, retry_intervals=(0.0, 1.0, 3.0)))
