"""One bad check never loses the others: a fault of ours costs its own finding, and nothing is called fine."""

import logging
from typing import NoReturn

import pytest

from checks import certificate, chain, issuers, path, revocation, strength
from checks.report import Asking, Report, inspect
from tests.certificates import ADDRESS, AT, DAY, authority, person, the, trusting
from tests.revocation_authority import revocation_list

ROOT = authority()
MIDDLE = authority("Example Issuing CA", ROOT)
LEAF = person(MIDDLE, end=AT + 20 * DAY)
SECRET = "hanako.yamada"


def fails(*_: object, **__: object) -> NoReturn:
    raise RuntimeError(SECRET)


def judged(end_of_leaf: bytes = LEAF.der) -> Report:
    asking = Asking(lists=(revocation_list(ROOT), revocation_list(MIDDLE)))
    data = end_of_leaf + MIDDLE.der
    return inspect(data, at=AT, address=ADDRESS, trust=trusting(ROOT), asking=asking)


def test_without_a_fault_all_is_told() -> None:
    report = judged()
    assert (report.can_sign, report.holds("expires_soon"), report.holds("revoked")) == (True, True, False)
    assert {look.holds for look in report.findings} == {True, False}


@pytest.mark.parametrize(
    ("where", "what", "untold"),
    [
        (chain, "_is_rooted", {"bad_signature", "incomplete_chain", "untrusted_root"}),
        (chain, "confirmed", {"issuer_not_allowed"}),
        (issuers, "moment", set()),  # a check that has nothing to say does not come to it
        (issuers, "serves", {"issuer_not_allowed"}),
        (issuers, "forbidden", {"issuer_not_allowed"}),
        (strength, "_weak_key", {"weak_key"}),
        (strength, "_weak_signature", {"weak_signature"}),
        (revocation.Revocation, "status", {"revocation_unknown", "revoked"}),
        (
            path,
            "verifies",
            {"bad_signature", "incomplete_chain", "self_signed", "untrusted_root", "issuer_not_allowed"},
        ),
    ],
)
def test_a_check_that_raises_is_told_to_have_told_nothing_and_costs_no_other(
    where: object, what: str, untold: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {look.code for look in judged().findings}
    path._VERIFIED.clear()
    monkeypatch.setattr(where, what, fails)
    report = judged()
    # of a path that is not trusted nobody asks whether it was revoked
    assert {look.code for look in report.findings} | {"revoked"} == before
    assert {look.code for look in report.findings if look.holds is None} == untold
    assert report.holds("expires_soon") is True
    assert (report.headline, report.chain[0].common_name) == (None, "Hanako Yamada")


def test_a_check_of_the_certificate_itself_that_raises_costs_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(certificate, "serves", fails)
    report = inspect(person(ROOT, end=AT - DAY).der, at=AT, address=ADDRESS, trust=trusting(ROOT))
    assert (report.headline, report.holds("cannot_sign")) == ("expired", False)
    told = the(report, "not_for_email")
    assert (told.holds, told.severity, told.detail) == (None, "error", {"reason": "failed"})


def test_nothing_is_called_fine_where_a_check_of_an_error_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuers, "serves", fails)
    report = judged()
    assert (report.unverified, report.can_sign, report.can_encrypt) == (True, None, None)


def test_a_warning_that_could_not_be_told_makes_nothing_unusable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strength, "_weak_key", fails)
    report = judged()
    assert (report.unverified, report.can_sign) == (False, True)


def test_the_log_says_where_a_check_failed_and_nothing_of_the_file(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(chain, "confirmed", fails)
    with caplog.at_level(logging.DEBUG):
        judged()
    [record] = caplog.records
    assert record.getMessage().startswith("the check issuer_not_allowed failed: RuntimeError in fails:")
    assert (SECRET in caplog.text, record.exc_info) == (False, None)
