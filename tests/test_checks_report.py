"""The verdict, the one cause, trust from files, and the samples that keep their promise."""

import gc
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.workspace.samples import make_samples
from checks import confirmation
from checks import finding as findings
from checks import path as paths
from checks.report import CODES, BadTrust, Report, Trust, inspect
from tests.certificates import (
    ADDRESS,
    AT,
    DAY,
    SERVER,
    SERVING,
    Issued,
    applies,
    authority,
    issue,
    look,
    name,
    p7b,
    pem,
    person,
    rsa_key,
    server,
    the,
    trusting,
)

ROOT = authority()


# --- verdict and cause ---


def _wrong_in_every_way() -> Issued:
    return person(
        authority(end=AT - DAY),
        addresses=["x@example.com"],
        bits=["crl_sign"],
        purposes=[SERVING],
        end=AT - DAY,
        key=rsa_key(1024),
    )


def test_many_errors_have_one_cause() -> None:
    report = inspect(_wrong_in_every_way().der, at=AT, address=ADDRESS, purpose="email", trust=trusting(ROOT))
    assert report.headline == "not_for_email"
    assert {finding.code for finding in report.holding} >= {
        "not_for_email",
        "expired",
        "address_mismatch",
        "cannot_sign",
    }
    assert (report.verdict, report.can_sign, report.can_encrypt) == ("unusable", False, False)


def test_every_code_that_is_told_is_a_known_one_with_its_weight() -> None:
    known = dict(CODES)
    for issued in (_wrong_in_every_way(), authority(), server(ROOT, SERVER), person()):
        for finding in inspect(issued.der, at=AT, address=ADDRESS, trust=trusting(ROOT)).findings:
            assert finding.code in known
            assert finding.severity == known[finding.code] or finding.code == "incomplete_chain"


def test_codes_are_there_once() -> None:
    assert len(dict(CODES)) == len(CODES)


def test_a_server_neither_signs_nor_encrypts_mail() -> None:
    report = inspect(server(ROOT, SERVER).der, at=AT, server=SERVER, trust=trusting(ROOT))
    assert (report.verdict, report.can_sign, report.can_encrypt) == ("usable", None, None)
    assert (report.purpose, report.server) == ("server", SERVER)
    assert not applies(report, "cannot_sign")
    assert not applies(report, "no_address")


def test_for_a_server_one_error_is_enough() -> None:
    report = inspect(server(ROOT, SERVER, end=AT - DAY).der, at=AT, server=SERVER, trust=trusting(ROOT))
    assert (report.verdict, report.headline) == ("unusable", "expired")


def test_revocation_is_said_not_to_have_been_asked() -> None:
    report = look(person(ROOT).der, trusting(ROOT))
    assert (the(report, "revocation_unknown").holds, the(report, "revocation_unknown").severity) == (
        True,
        "info",
    )
    assert the(report, "revocation_unknown").detail == {"reason": "off"}


def test_holds_tells_true_before_unknown_before_false() -> None:
    report = look(person(ROOT).der, trusting(ROOT))
    finding = the(report, "expired")
    both = [finding.model_copy(update={"holds": holds}) for holds in (False, None, True)]

    def told(*findings: object) -> bool | None:
        return report.model_copy(update={"findings": findings}).holds("expired")

    assert (told(*both), told(*both[:2]), told(both[0]), told()) == (True, None, False, None)


def test_a_report_survives_being_stored() -> None:
    report = look(p7b(person(ROOT), ROOT), trusting(ROOT))
    assert Report.model_validate_json(report.model_dump_json()) == report


def test_a_moment_without_a_zone_is_taken_as_utc() -> None:
    naive = AT.replace(tzinfo=None)
    assert inspect(person(end=AT).der, at=naive).holds("expired") is False
    assert inspect(person(end=AT).der, at=naive + timedelta(seconds=1)).holds("expired") is True


# --- facts ---


def test_the_facts_of_a_certificate_are_told() -> None:
    report = look(person(ROOT, addresses=[ADDRESS, "info@example.co.jp"]).der, trusting(ROOT))
    facts = report.certificate
    assert facts is not None
    assert (facts.subject, facts.common_name) == ("CN=Hanako Yamada, O=Example", "Hanako Yamada")
    assert (facts.issuer, facts.issuer_common_name) == ("CN=Example Root CA, O=Example", "Example Root CA")
    assert (facts.addresses, facts.server_names) == ((ADDRESS, "info@example.co.jp"), ())
    assert (facts.not_before, facts.not_after) == (AT - 100 * DAY, AT + 400 * DAY)
    assert (facts.serial, facts.key, facts.signature) == ("1267", "EC P-256", "SHA-256 with ECDSA")
    assert facts.is_ca is False


@pytest.mark.parametrize("text", ["<!channel>", "a\u202eb", "x\x1b[31m", "a, b+c", "名前 太郎"])
def test_names_are_given_as_they_are_written(text: str) -> None:
    facts = look(person(ROOT, common_name=text).der, trusting(ROOT)).certificate
    assert facts is not None
    assert facts.common_name == text


def test_a_nul_in_a_name_becomes_a_sign_that_a_database_can_hold() -> None:
    facts = look(person(ROOT, common_name="a\0b").der, trusting(ROOT)).certificate
    assert facts is not None
    assert (facts.common_name, facts.subject) == ("a␀b", "CN=a␀b, O=Example")


def test_a_certificate_without_a_common_name_has_none() -> None:
    facts = look(issue(name(""), ROOT).der, trusting(ROOT)).certificate
    assert facts is not None
    assert (facts.common_name, facts.subject) == (None, "O=Example")


# --- trust from files ---


def test_trust_is_loaded_from_files_and_folders_of_any_form(tmp_path: Path) -> None:
    other, middle = authority("Other Root CA"), authority("Example Issuing CA", ROOT)
    (tmp_path / "roots").mkdir()
    (tmp_path / "roots" / "a.pem").write_bytes(pem(ROOT))
    (tmp_path / "roots" / "b.p7b").write_bytes(p7b(other))
    (tmp_path / "roots" / "readme.txt").write_text("not a certificate")
    (tmp_path / "middle.cer").write_bytes(middle.der)
    trust = Trust.load([tmp_path / "roots"], [tmp_path / "middle.cer"])
    assert look(person(middle).der, trust).trusted_by == "company"
    assert look(person(other).der, trust).trusted_by == "company"


def test_a_list_of_roots_may_be_longer_than_a_file_that_people_send() -> None:
    roots = [authority(f"Root {number}") for number in range(40)]
    trust = Trust.of([pem(*roots)])
    assert look(person(roots[39]).der, trust).trusted_by == "company"


def _key() -> bytes:
    return rsa_key(1024).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


BAD_ROOTS: dict[str, Callable[[], bytes]] = {
    "no certificate is in it": lambda: b"hello",
    "a certificate in it is broken": lambda: person().der[:100],
    "a private key is in it": lambda: pem(ROOT) + _key(),
}


@pytest.mark.parametrize("why", BAD_ROOTS)
def test_a_file_of_roots_that_cannot_be_used_is_named_with_its_fault(tmp_path: Path, why: str) -> None:
    file = tmp_path / "root.pem"
    file.write_bytes(BAD_ROOTS[why]())
    with pytest.raises(BadTrust, match=why) as fault:
        Trust.load([file])
    assert str(file) in str(fault.value)


def test_a_missing_file_and_an_empty_folder_are_faults_too(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.pem", tmp_path):
        with pytest.raises(BadTrust, match=str(path)):
            Trust.load([path])


# --- what stays ---


def test_nothing_of_a_certificate_that_somebody_sent_stays_in_memory() -> None:
    middle = authority("Example Issuing CA", ROOT)
    trust = trusting(ROOT)
    look(pem(person(middle), middle), trust)
    gc.collect()
    kept = {
        one.encoded for cache in (findings._FACTS, paths._VERIFIED, confirmation._LOADED) for one in cache
    }
    assert middle.der not in kept
    assert trust.roots


# --- samples ---


def test_every_sample_gives_the_cause_that_it_promises() -> None:
    samples = make_samples(AT)
    trust = Trust.of([samples.root], [samples.intermediate])
    causes = [
        inspect(sample.data, at=AT, address=ADDRESS, server=SERVER, trust=trust).headline
        for sample in samples.files
    ]
    assert causes == [sample.headline for sample in samples.files]
    assert causes == [
        None,
        "expired",
        "address_mismatch",
        "self_signed",
        "incomplete_chain",
        "is_ca",
        "untrusted_root",
        None,
        "private_key_uploaded",
    ]


def test_the_good_samples_are_good_throughout() -> None:
    samples = make_samples(AT, address="taro@example.com", server="smtp.example.com")
    trust = Trust.of([samples.root], [samples.intermediate])
    good = {sample.name: sample.data for sample in samples.files if sample.headline is None}
    person = inspect(good["good.cer"], at=AT, address="taro@example.com", trust=trust)
    mail_server = inspect(good["mail-server.crt"], at=AT, server="smtp.example.com", trust=trust)
    for report in (person, mail_server):
        assert (report.verdict, report.trusted_by) == ("usable", "company")
        assert [finding.code for finding in report.findings if finding.holds is not False] == [
            "revocation_unknown"
        ]
    assert (person.can_sign, person.can_encrypt, mail_server.purpose) == (True, True, "server")


def test_samples_have_titles_in_both_languages() -> None:
    for sample in make_samples(AT).files:
        assert set(sample.title) == {"ja", "en"}
        assert all(sample.title.values())
