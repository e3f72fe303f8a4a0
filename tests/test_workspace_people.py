"""Who is in the workspace: enough people to try a trouble of many and a helpdesk of two."""

from bot.workspace.people import (
    GROUP,
    HELPDESK_CHANNEL,
    PEOPLE,
    SATO,
    SMITH,
    SUZUKI,
    TANAKA,
    channels_of,
    direct_message,
)


def test_five_employees_and_two_at_the_helpdesk_are_there() -> None:
    roles = [person.role for person in PEOPLE]
    assert (roles.count("employee"), roles.count("helpdesk"), roles.count("external")) == (5, 2, 1)
    assert PEOPLE[:3] == (SATO, SMITH, SUZUKI)
    assert (TANAKA.id, TANAKA.name, TANAKA.email) == (
        "U0TANAKA001",
        "tanaka.misaki",
        "tanaka@example.co.jp",
    )


def test_nobody_shares_an_id_a_name_or_an_address() -> None:
    for taken in ("id", "name", "real_name", "email"):
        assert len({getattr(person, taken) for person in PEOPLE}) == len(PEOPLE)
    assert all(len(person.id) == 11 for person in PEOPLE)


def test_both_at_the_helpdesk_read_its_channel_and_the_group_stays_the_first_two() -> None:
    channels = channels_of(PEOPLE)
    assert {SUZUKI.id, TANAKA.id} < channels[HELPDESK_CHANNEL].members
    employees = {person.id for person in PEOPLE if person.role == "employee"}
    assert channels[GROUP].members & employees == {SATO.id, SMITH.id}
    assert direct_message(TANAKA.id) in channels
