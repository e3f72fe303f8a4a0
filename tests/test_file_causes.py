"""What a checked file shows decides, without a question that the file has answered."""

import pytest

from knowledge.decide import Ask, GiveUp
from knowledge.rows import UNKNOWN
from tests.ladders import OWN_CAUSES, ROWS, SERVER_CAUSES, advised, file_with, start, straight, the_book


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize(
    ("cause", "remedy"),
    [
        ("bad_signature", "get_usable_certificate"),
        ("is_ca", "get_usable_certificate"),
        ("not_for_email", "get_usable_certificate"),
        ("self_signed", "get_usable_certificate"),
        ("unsupported_key", "get_usable_certificate"),
        ("address_mismatch", "get_matching_certificate"),
        ("no_address", "get_matching_certificate"),
        ("revoked", "report_revoked"),
        ("cannot_sign", "get_usable_certificate"),
        ("issuer_not_allowed", "company_root_to_it"),
        ("untrusted_root", "company_root_to_it"),
    ],
)
def test_a_file_that_shows_the_cause_leads_to_its_remedy_without_a_question(
    row: str, cause: str, remedy: str
) -> None:
    assert advised(start(row, **{"whose": "own"}, **file_with(cause))) == remedy


@pytest.mark.parametrize("row", ROWS)
def test_of_an_expired_file_only_the_new_certificate_is_asked(row: str) -> None:
    state = start(row, **{"whose": "own"}, **file_with("expired"))
    assert state.decision() == Ask("new_certificate")
    assert [advised(straight(state, answer)) for answer in ("yes", "waiting", "no", UNKNOWN)] == [
        "choose_certificate",
        "wait_for_certificate",
        "renew",
        "renew",
    ]


@pytest.mark.parametrize("row", ["expired_or_revoked", "name_mismatch", "untrusted_chain"])
@pytest.mark.parametrize("cause", SERVER_CAUSES)
def test_a_server_s_file_leads_to_it_without_a_question(row: str, cause: str) -> None:
    if the_book().findings[cause].row == row or row != "name_mismatch":
        assert advised(start(row, **{"whose": "server"}, **file_with(cause))) == "tell_server_owner"


@pytest.mark.parametrize(
    ("row", "more", "remedy"),
    [
        ("name_mismatch", {"issuer_kind": "inspection"}, "inspection_to_it"),
        ("name_mismatch", {"server_kind": "autodiscover"}, "autodiscover_to_it"),
        ("name_mismatch", {"server_kind": "strange"}, "strange_server_to_it"),
        ("name_mismatch", {"network": "public"}, "captive_portal"),
        ("name_mismatch", {"mail_system": "hosting"}, "provider_host_name"),
        ("untrusted_chain", {"issuer_kind": "inspection"}, "inspection_to_it"),
        ("untrusted_chain", {"issuer_kind": "company"}, "company_network_restart"),
        ("untrusted_chain", {"network": "public"}, "captive_portal"),
    ],
)
def test_what_else_is_known_tells_a_server_s_file_apart(row: str, more: dict[str, str], remedy: str) -> None:
    cause = "server_name_mismatch" if row == "name_mismatch" else "untrusted_root"
    assert advised(start(row, **{"whose": "server"}, **file_with(cause), **more)) == remedy


def test_every_cause_has_somewhere_to_go_in_the_row_that_it_names() -> None:
    """Also when the file came alone: its finding's row, and whose it is, are all that is known."""
    for code, finding in the_book().findings.items():
        owners = [who for who, causes in (("own", OWN_CAUSES), ("server", SERVER_CAUSES)) if code in causes]
        assert bool(finding.row) == bool(owners), code
        for whose in owners:
            assert finding.row
            state = start(finding.row, **{"whose": whose}, **file_with(code))
            assert not isinstance(state.decision(), GiveUp), (code, whose)


def test_a_fine_file_is_chosen_and_the_list_in_outlook_tells_whether_the_key_is_there() -> None:
    fine = start("no_certificate", **file_with())
    assert advised(fine) == "choose_certificate"
    missing = straight(fine, "not_listed")
    assert missing.decision() == Ask("key_source")
    assert advised(straight(missing, "pfx")) == "import_pfx"
    again = straight(missing, "pfx", "imported")
    assert advised(again) == "choose_certificate"
    assert advised(straight(again, "not_listed")) == "bring_key"
    assert advised(straight(missing, "cer_only")) == "reissue"
    assert advised(straight(missing, "cer_only", "received")) == "import_pfx"
    assert advised(straight(missing, "old_pc")) == "bring_key"
