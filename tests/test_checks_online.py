"""One look with the network, from file to verdict: revocation and missing issuers, of real servers."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from checks.__main__ import main
from checks.report import Asking, Report, Trust, inspect
from tests.certificates import (
    AT,
    DAY,
    Issued,
    authority,
    issue,
    pem,
    person,
    the,
    trusting,
    usage,
)
from tests.revocation_authority import (
    REVOKED_AT,
    Reason,
    Server,
    Shelf,
    answer,
    entry,
    issuers_at,
    point,
    points,
    responders,
    revocation_list,
    url,
)

ROOT = authority("Example Root CA")


def online(server: Server, data: bytes, trust: Trust, *, at: datetime = AT, **allowed: object) -> Report:
    asking = replace(Asking(revocation=True), **allowed)  # type: ignore[arg-type]
    with server.fetcher() as fetcher:
        return inspect(data, at=at, trust=trust, asking=replace(asking, fetcher=fetcher))


def why(report: Report, index: int = 0) -> str:
    """Why it could not be told whether a certificate was revoked."""
    [finding] = [
        one for one in report.findings if one.code == "revocation_unknown" and one.certificate == index
    ]
    assert finding.holds
    return finding.detail["reason"]


def test_a_revoked_certificate_is_unusable_and_says_when_and_why() -> None:
    with Server() as server:
        leaf = person(ROOT, responders(server.at("/ocsp")))
        server.answers["/ocsp"] = answer(leaf, ROOT, revoked=True, reason=Reason.key_compromise)
        report = online(server, leaf.der, trusting(ROOT))
    assert (report.verdict, report.headline) == ("unusable", "revoked")
    detail = {"reason": "keyCompromise", "revoked_at": REVOKED_AT.isoformat().replace("+00:00", "Z")}
    assert the(report, "revoked").detail == detail
    assert report.holds("revocation_unknown") is False


def test_a_good_answer_makes_it_usable_and_leaves_nothing_unknown() -> None:
    with Server() as server:
        leaf = person(ROOT, responders(server.at("/ocsp")))
        server.answers["/ocsp"] = answer(leaf, ROOT)
        report = online(server, leaf.der, trusting(ROOT))
    assert (report.verdict, report.holds("revoked"), report.holds("revocation_unknown")) == (
        "usable",
        False,
        False,
    )


def test_switched_off_nobody_is_asked() -> None:
    with Server() as server:
        leaf = person(ROOT, responders(server.at("/ocsp")), points(point(url(server.at("/crl")))))
        report = online(server, leaf.der, trusting(ROOT), revocation=False)
    assert (why(report), server.asked) == ("off", [])


def test_nobody_is_asked_for_a_certificate_whose_issuer_is_not_trusted() -> None:
    with Server() as server:
        leaf = person(ROOT, responders(server.at("/ocsp")))
        report = online(server, pem(leaf, ROOT), trusting(authority("Another Root CA")))
    assert (why(report), server.asked, report.holds("revoked")) == ("untrusted", [], None)


def test_nobody_is_asked_where_the_issuer_is_missing_and_the_reason_says_so() -> None:
    with Server() as server:
        leaf = person(authority("Example Issuing CA", ROOT), responders(server.at("/ocsp")))
        report = online(server, leaf.der, trusting(ROOT))
    assert (why(report), server.asked) == ("issuer_missing", [])


def test_nobody_is_asked_for_a_certificate_whose_signature_nobody_could_verify() -> None:
    with Server() as server:
        leaf = person(ROOT, responders(server.at("/ocsp")))
        odd = leaf.der.replace(b"\x2a\x86\x48\xce\x3d\x04\x03\x02", b"\x2a\x85\x03\x07\x01\x01\x03\x02")
        report = online(server, odd, trusting(ROOT))
    assert (why(report), server.asked, report.trusted_by) == ("untrusted", [], None)


def test_a_responder_that_may_not_be_asked_leaves_it_unknown_and_usable() -> None:
    leaf = person(ROOT, responders("http://169.254.169.254/ocsp"))
    with Server() as server:
        report = online(server, leaf.der, trusting(ROOT))
    assert (why(report), report.verdict) == ("forbidden", "usable")


def test_a_revoked_issuer_makes_all_below_it_unusable() -> None:
    with Server() as server:
        middle = authority("Example Issuing CA", ROOT, points(point(url(server.at("/crl")))))
        leaf = person(middle)
        server.answers["/crl"] = revocation_list(ROOT, entry(middle.certificate.serial_number))
        report = online(server, pem(leaf, middle), trusting(ROOT))
    assert (report.verdict, report.headline) == ("unusable", "issuer_not_allowed")
    finding = next(one for one in report.holding if one.code == "issuer_not_allowed")
    assert (finding.detail["reason"], finding.certificate) == ("revoked", 1)
    assert why(report) == "no_address"


def test_a_list_of_a_signer_whom_the_same_root_vouches_for_counts() -> None:
    signer = issue("Example Root CA", ROOT, (usage("crl_sign"), True), serial=5)
    leaf = person(ROOT)
    of_another_key = revocation_list(signer, entry(leaf.certificate.serial_number))
    itself_revoked = revocation_list(signer, entry(leaf.certificate.serial_number), entry(5))
    stranger = issue("Example Root CA", authority("Another Root CA"), (usage("crl_sign"), True), serial=6)

    def revoked(one: bytes, signer: Issued) -> bool | None:
        trust = trusting(ROOT, issuers=[signer])
        return inspect(leaf.der, at=AT, trust=trust, asking=Asking(lists=(one,))).holds("revoked")

    assert revoked(of_another_key, signer)
    assert revoked(itself_revoked, signer) is None
    assert revoked(revocation_list(stranger, entry(leaf.certificate.serial_number)), stranger) is None


def test_an_issuer_that_names_no_place_to_ask_leaves_nothing_unknown() -> None:
    middle = authority("Example Issuing CA", ROOT)
    with Server() as server:
        leaf = person(middle, responders(server.at("/ocsp")))
        server.answers["/ocsp"] = answer(leaf, middle)
        report = online(server, pem(leaf, middle), trusting(ROOT))
    assert report.holds("revocation_unknown") is False


def test_a_kept_answer_spares_the_question_until_it_is_out_of_date() -> None:
    shelf = Shelf()
    with Server() as server:
        leaf = person(ROOT, responders(server.at("/ocsp")))
        server.answers["/ocsp"] = answer(leaf, ROOT, end=AT + DAY)
        for at in (AT, AT + DAY / 2, AT + 2 * DAY):
            online(server, leaf.der, trusting(ROOT), at=at, kept=shelf)
    assert server.asked == ["POST /ocsp"] * 2


def test_a_missing_issuer_is_fetched_where_that_is_allowed_and_only_there() -> None:
    middle = authority("Example Issuing CA", ROOT)
    with Server(answers={"/issuing.cer": middle.der}) as server:
        leaf = person(middle, issuers_at(server.at("/issuing.cer")))
        without = online(server, leaf.der, trusting(ROOT))
        assert (without.holds("incomplete_chain"), server.asked) == (True, [])
        report = online(server, leaf.der, trusting(ROOT), issuers=True, revocation=False)
    assert (report.verdict, report.trusted_by, report.holds("incomplete_chain")) == (
        "usable",
        "company",
        False,
    )
    assert [link.common_name for link in report.chain] == [
        "Hanako Yamada",
        "Example Issuing CA",
        "Example Root CA",
    ]


def test_an_address_that_gives_the_wrong_issuer_is_not_asked_for_ever() -> None:
    stranger = authority("Somebody Else's CA")
    with Server() as server:
        middle = authority("Example Issuing CA", ROOT)
        leaf = person(middle, issuers_at(server.at("/issuing.cer")))
        for given in (stranger.der, leaf.der, b"no certificate", 404):
            server.answers["/issuing.cer"] = given
            server.asked.clear()
            report = online(server, leaf.der, trusting(ROOT), issuers=True, revocation=False)
            assert report.holds("incomplete_chain")
            assert len(server.asked) <= 2


def test_an_issuer_in_a_file_beside_it_completes_the_chain() -> None:
    middle = authority("Example Issuing CA", ROOT)
    leaf = person(middle)
    alone = inspect(leaf.der, at=AT, trust=trusting(ROOT))
    report = inspect(leaf.der, at=AT, trust=trusting(ROOT), beside=[b"no certificate", middle.pem])
    assert (alone.trusted_by, report.trusted_by) == (None, "company")


def test_the_command_asks_online_and_takes_lists(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server() as server:
        leaf = person(ROOT, responders(server.at("/ocsp")))
        server.answers["/ocsp"] = answer(leaf, ROOT, revoked=True)
        files = {"leaf.cer": leaf.der, "root.cer": ROOT.der, "list.crl": _list(leaf)}
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        command = [str(tmp_path / "leaf.cer"), "--json", f"--at={AT.isoformat()}"]
        command += ["--trust", str(tmp_path / "root.cer")]

        assert main(command) == 0
        monkeypatch.setenv("FETCH_ALLOWED_HOSTS", f"ocsp.example.co.jp, 127.0.0.1:{server.port}")
        assert main([*command, "--online"]) == 1
        monkeypatch.delenv("FETCH_ALLOWED_HOSTS")
        assert main([*command, "--online"]) == 0  # this machine is not asked unless it is allowed
        assert main([*command, "--crl", str(tmp_path / "list.crl")]) == 1
        told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    reasons = [
        (finding["code"], finding["detail"].get("reason"))
        for report in told
        for finding in report["findings"]
        if finding["holds"] and finding["code"].startswith("revo")
    ]
    assert reasons == [
        ("revocation_unknown", "off"),
        ("revoked", "unspecified"),
        ("revocation_unknown", "forbidden"),
        ("revoked", "superseded"),
    ]


def _list(leaf: Issued) -> bytes:
    return revocation_list(ROOT, entry(leaf.certificate.serial_number, reason=Reason.superseded))
