"""The ladders of the error table: few questions, the right remedy, nothing out of reach, no circles."""

from functools import cache

import pytest

from knowledge.decide import Advise, Ask, GiveUp
from knowledge.rows import UNKNOWN, Company
from tests.ladders import (
    ADDED,
    OWN_CAUSES,
    ROWS,
    SERVER_CAUSES,
    SWITCHED,
    State,
    Walk,
    advised,
    after,
    file_with,
    start,
    straight,
    the_book,
    walk,
)

WHOSE = ("own", "server", "recipient", "sender")

# About the certificate with which a person signs and encrypts.
SMIME = {
    "choose_certificate",
    "import_pfx",
    "bring_key",
    "reissue",
    "get_certificate",
    "renew",
    "wait_for_certificate",
    "report_revoked",
    "use_earlier_certificate",
    "get_matching_certificate",
    "get_usable_certificate",
    "send_from_certified_account",
    "turn_off_signing",
    "signing_to_it",
    "check_store",
    "encryption_method",
    "ask_to_resend",
    "restore_key",
    "send_unsigned",
}
# About the certificate of the server that Outlook connects to.
SERVER = {
    "tell_server_owner",
    "autodiscover_to_it",
    "strange_server_to_it",
    "inspection_to_it",
    "provider_host_name",
    "company_network_restart",
    "isolate",
    "update_windows",
    "install_root",
}
# About somebody else's certificate.
OTHERS = {
    "tell_sender",
    "ask_signed_mail",
    "save_recipient_certificate",
    "refresh_address_list",
    "partner_root_to_it",
    "other_secure_way",
}

# The article's remedies, each where it went.
ARTICLE = {
    "look at the digital ID and its dates": "choose_certificate",
    "renew an expired one": "renew",
    "look into certmgr.msc": "check_store",
    "methods of encryption that fit": "encryption_method",
    "address and certificate agree": "get_matching_certificate",
    "required signing off": "turn_off_signing",
    "another account": "send_from_certified_account",
    "web mail": "isolate",
    "phone": "send_by_phone",
    "profile anew": "new_profile",
    "repair Office": "repair_office",
    "Windows Update": "update_windows",
    "roots by hand": "install_root",
    "ask the administrator": "tell_server_owner",
}

# What is known beforehand besides: by the words, the company, the profile, the bot's own count.
KNOWN: tuple[dict[str, str], ...] = (
    {},
    {"sending_as": "shared"},
    {"expired": "yes"},
    {"revoked": "yes"},
    {"not_yet_valid": "yes"},
    {"private_key": "no"},
    {"new_certificate": "waiting"},
    {"new_certificate": "yes"},
    {"changed": "new_pc"},
    {"spread": "others"},
    {"issuer_kind": "inspection"},
    {"issuer_kind": "company"},
    {"network": "public"},
    {"signing_needed": "no"},
    {"signing_needed": "yes"},
    {"mail_system": "m365"},
    {"mail_system": "hosting"},
)


def starts(row: str) -> list[State]:
    """Conversations of this row that begin with more or less known."""
    usual = the_book().errors[row].whose
    out = [start(row, **facts) for facts in KNOWN]
    owners = WHOSE if row in (*ROWS, "revocation_offline") else (usual,)
    for whose in owners:
        assert whose
        others = whose in ("recipient", "sender")
        causes = SERVER_CAUSES if whose == "server" else OWN_CAUSES
        if whose != usual:
            out += [start(row, **{"whose": whose}, **facts) for facts in (KNOWN[:1] if others else KNOWN)]
        files = [file_with(), *(file_with(cause) for cause in causes)]
        out += [start(row, **{"whose": whose}, **told) for told in files]
        if whose == "own":
            out.append(start(row, **{"whose": whose}, **file_with("address_mismatch"), sending_as="shared"))
        if whose == "server":
            more = ({"mail_system": "hosting"}, {"network": "public"}, {"issuer_kind": "company"})
            kinds = ({"server_kind": "autodiscover"}, {"server_kind": "strange"})
            told = {"whose": whose, **file_with("server_name_mismatch")}
            out += [start(row, **told, **facts) for facts in (*more, *kinds)]
    return out


@cache
def walks(row: str, switched: bool = True) -> tuple[tuple[State, Walk], ...]:
    if not switched and not any(
        {case.do, case.instead_of} & {*SWITCHED} for case in the_book().errors[row].case
    ):
        return walks(row)  # nothing on this ladder can be switched
    begins = (begin if switched else begin.with_risks_off() for begin in starts(row))
    return tuple((begin, walk(begin)) for begin in begins)


@pytest.mark.parametrize(
    ("row", "most"),
    [
        ("no_certificate", 2),
        ("expired_or_revoked", 3),
        ("name_mismatch", 2),
        ("untrusted_chain", 2),
        ("recipient_certificate", 0),
        ("decrypt_failed", 2),
        ("revocation_offline", 2),
    ],
)
def test_so_many_questions_at_most_come_before_the_first_advice(row: str, most: int) -> None:
    asked = [number for _, seen in walks(row) for number, _ in seen.first]
    assert max(asked) == most


def test_a_remedy_with_a_risk_is_never_advised_before_the_company_switches_it_on() -> None:
    risky = {
        id_
        for id_, remedy in the_book().remedies.items()
        if remedy.who == "user" and remedy.risk in ("policy", "data", "admin")
    }
    assert risky == set(SWITCHED)
    reached = set().union(*(seen.remedies for row in (*ROWS, *ADDED) for _, seen in walks(row, False)))
    assert reached.isdisjoint(risky)
    for row in (*ROWS, *ADDED):
        for begin, _ in walks(row, False):
            off = begin.with_risks_off()
            way = off.book.decide(off.book.errors[row].send_now, off.facts, (), may_ask=False)
            assert not (isinstance(way, Advise) and way.remedy in risky)


@pytest.mark.parametrize("row", [*ROWS, *ADDED])
def test_without_them_everybody_is_still_helped_with_no_more_questions(row: str) -> None:
    """The same cases are reached but for theirs, no way goes round, and nobody is left without a remedy."""
    cases = the_book().errors[row].case
    theirs = {place for place, case in enumerate(cases) if case.do in SWITCHED}
    if row == "no_certificate":  # whether signing is needed is not asked, so nothing hangs on it
        needed = {"whose": ("own", "unknown"), "changed": ("never",), "signing_needed": ("yes", "unknown")}
        theirs |= {place for place, case in enumerate(cases) if case.when == needed}
    reached = set().union(*(seen.cases for _, seen in walks(row, False)))
    assert reached == set(range(len(cases))) - theirs
    assert [circle for _, seen in walks(row, False) for circle in seen.circles] == []
    for (begin, without), (_, switched) in zip(walks(row, False), walks(row), strict=True):
        assert max(number for number, _ in without.first) <= max(number for number, _ in switched.first)
        if all(remedy for _, remedy in switched.first):
            assert all(remedy for _, remedy in without.first), begin.values()


def test_what_only_such_a_remedy_needs_is_not_asked() -> None:
    off = straight(start("no_certificate").with_risks_off(), "never")
    assert advised(off) == "signing_to_it"
    required = start("no_certificate", signing_needed="yes").with_risks_off()
    assert advised(straight(required, "never")) == "get_certificate"
    for row in (*ROWS, *ADDED):
        for begin, _ in walks(row, False):
            assert "signing_needed" not in questions(begin), begin.values()


def questions(state: State) -> set[str]:
    """What is asked on any way to the first advice."""
    decision = state.decision()
    if not isinstance(decision, Ask):
        return set()
    return {decision.fact}.union(*(questions(way) for way in after(state, decision)))


def test_after_the_window_s_header_two_questions_are_left_at_most() -> None:
    """The choice among the candidates was the first of three."""
    for row in ("expired_or_revoked", "name_mismatch", "untrusted_chain", "revocation_offline"):
        assert max(number for number, _ in walk(start(row, whose="server")).first) <= 2


@pytest.mark.parametrize("row", [*ROWS, *ADDED])
def test_every_case_is_reached(row: str) -> None:
    reached = set().union(*(seen.cases for on in (True, False) for _, seen in walks(row, on)))
    cases = the_book().errors[row].case
    assert [case for place, case in enumerate(cases) if place not in reached] == []


@pytest.mark.parametrize("row", [*ROWS, *ADDED])
def test_no_way_goes_round_in_circles(row: str) -> None:
    assert [circle for _, seen in walks(row) for circle in seen.circles] == []


def test_every_remedy_of_the_article_is_reached() -> None:
    every = (seen for row in (*ROWS, *ADDED) for on in (True, False) for _, seen in walks(row, on))
    reached = set().union(*(seen.remedies for seen in every))
    reached |= {case.do for error in the_book().errors.values() for case in error.send_now}
    assert {step: remedy for step, remedy in ARTICLE.items() if remedy not in reached} == {}
    assert reached == set(the_book().remedies)


def test_steps_for_one_kind_of_certificate_never_appear_for_another() -> None:
    forbidden = {
        "own": SERVER | OTHERS,
        "server": SMIME | OTHERS,
        "recipient": SMIME | SERVER,
        "sender": SMIME | SERVER,
    }
    wrong = []
    for row in (*ROWS, *ADDED):
        for begin, seen in walks(row):
            whose = begin.values().get("whose")
            if whose and (mixed := seen.remedies & forbidden[whose]):
                wrong.append((row, begin.values(), mixed))
    assert wrong == []


@pytest.mark.parametrize(
    ("row", "known", "first"),
    [
        ("no_certificate", {}, "choose_certificate"),
        ("no_certificate", {"private_key": "no"}, "reissue"),
        ("expired_or_revoked", {}, "look_together"),
        ("expired_or_revoked", {"whose": "own"}, "renew"),
        ("expired_or_revoked", {"whose": "server"}, "tell_server_owner"),
        ("name_mismatch", {}, "provider_host_name"),
        ("name_mismatch", {"mail_system": "m365"}, "tell_server_owner"),
        ("untrusted_chain", {}, "isolate"),
        ("recipient_certificate", {}, "ask_signed_mail"),
        ("decrypt_failed", {}, "restart_safe_mode"),
        ("revocation_offline", {}, "isolate"),
    ],
)
def test_who_answers_i_do_not_know_to_everything_gets_the_likeliest_remedy_or_a_person(
    row: str, known: dict[str, str], first: str
) -> None:
    state = start(row, **known)
    while isinstance(state.decision(), Ask):
        state = straight(state, UNKNOWN)
    assert advised(state) == first


def test_after_a_renewal_the_same_remedy_is_open_again() -> None:
    state = straight(start("expired_or_revoked", whose="own", expired="yes"), "yes")
    assert advised(state) == "choose_certificate"
    renewed = straight(start("expired_or_revoked", whose="own", expired="yes"), "no", "received")
    assert advised(renewed) == "choose_certificate"


def test_a_revoked_certificate_goes_to_people_and_is_never_renewed() -> None:
    for facts in ({"revoked": "yes"}, {"revoked": "yes", "expired": "yes"}):
        assert advised(start("expired_or_revoked", **{"whose": "own"}, **facts)) == "report_revoked"
    asked = straight(start("expired_or_revoked"), "own", "no", "revoked")
    assert advised(asked) == "report_revoked"


def test_who_never_signed_turns_it_off_only_where_signing_is_not_needed() -> None:
    assert advised(straight(start("no_certificate"), "never", "no")) == "turn_off_signing"
    assert advised(straight(start("no_certificate"), "never", "yes")) == "get_certificate"
    assert advised(straight(start("no_certificate", signing_needed="yes"), "never")) == "get_certificate"
    required = walk(start("no_certificate", signing_needed="yes"))
    assert "turn_off_signing" not in required.remedies


def test_light_remedies_come_before_heavy_ones() -> None:
    """Restart and safe mode before anything heavy; what only IT may do stands at the end."""
    heavy = {"new_profile", "repair_office", "install_root"}
    for error in the_book().errors.values():
        ladder = [case.do for case in error.case]
        if first := [place for place, do in enumerate(ladder) if do in heavy]:
            assert set(ladder[first[0] :]) <= heavy | SERVER | {"look_together", "fix_clock"}
            assert not {"restart_safe_mode", "check_store", "isolate"} & set(ladder[first[0] :])


@pytest.mark.parametrize(
    ("row", "facts", "way"),
    [
        ("no_certificate", {"signing_needed": "no"}, "send_unsigned"),
        ("no_certificate", {"signing_needed": "yes"}, None),
        ("no_certificate", {}, None),
        ("expired_or_revoked", {"whose": "own", "signing_needed": "no"}, "send_unsigned"),
        ("expired_or_revoked", {"whose": "own"}, None),
        ("expired_or_revoked", {"whose": "server"}, "send_by_web"),
        ("expired_or_revoked", {}, None),
        ("name_mismatch", {}, "send_by_web"),
        ("name_mismatch", {"phone_works": "yes"}, "send_by_phone"),
        ("untrusted_chain", {}, "send_by_web"),
        ("untrusted_chain", {"whose": "own"}, None),
        ("revocation_offline", {}, "send_by_web"),
        ("revocation_offline", {"outlook": "web"}, "send_by_phone"),
        ("recipient_certificate", {"signing_needed": "no"}, None),
        ("decrypt_failed", {"signing_needed": "no"}, None),
    ],
)
def test_the_way_to_send_now_never_drops_a_signature_that_may_be_needed(
    row: str, facts: dict[str, str], way: str | None
) -> None:
    state = start(row, **facts)
    ladder = the_book().errors[row].send_now
    decision = the_book().decide(ladder, state.facts, (), may_ask=False)
    assert (None if isinstance(decision, GiveUp) else getattr(decision, "remedy", "asked")) == way


def test_what_the_company_registered_is_not_asked() -> None:
    facts = Company(mail_system="m365", signing="optional").facts()
    assert advised(straight(start("no_certificate", **facts), "never")) == "turn_off_signing"
    known = start("name_mismatch", **facts, server_kind="own", network="office")
    assert advised(known) == "tell_server_owner"
