"""Whether a certificate is revoked, asked of real servers on loopback, and what is kept of the answers."""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ObjectIdentifier, UnrecognizedExtension, load_der_x509_crl
from cryptography.x509 import ocsp as library
from hypothesis import given
from hypothesis import strategies as st

from checks.fetch import Fetcher, Unfetched
from checks.revocation import Kept, Revocation, Status, Visit, kept_as
from checks.status import untold
from checks.structure import Parsed
from tests.certificates import AT, DAY, Extension, Issued, ec_key, issue, usage
from tests.revocation_authority import (
    CA,
    OTHER,
    REVOKED_AT,
    Answer,
    Reason,
    Server,
    Shelf,
    answer,
    delegate,
    directory,
    entry,
    parsed,
    point,
    points,
    responders,
    revocation_list,
    scope,
    subject,
    url,
)


def nobody(_: Parsed) -> bool:
    return False


def told(
    certificate: Issued,
    *,
    visit: Visit | None = None,
    lists: Sequence[bytes] = (),
    kept: Kept | None = None,
    at: datetime = AT,
    issuer: Issued = CA,
) -> Status:
    """One look into revocation, with nobody who could sign lists besides the issuer."""
    look = Revocation(lists=lists, visit=visit, kept=kept)
    return look.status(parsed(certificate), parsed(issuer), [], nobody, at)


def asks(server: Server, *, responder: bool = True, listed: bool = True) -> Issued:
    """A certificate that names this server's responder and list."""
    extensions: list[Extension] = []
    if responder:
        extensions.append(responders(server.at("/ocsp")))
    if listed:
        extensions.append(points(point(url(server.at("/crl")))))
    return subject(*extensions)


def look(server: Server, certificate: Issued, kept: Kept | None = None, at: datetime = AT) -> Status:
    """One look by the guarded client of the product."""
    with server.fetcher() as fetcher:
        return told(certificate, visit=fetcher.visit(), kept=kept, at=at)


# -- nobody is asked


def test_when_nobody_may_be_asked_that_is_what_is_said() -> None:
    with Server() as server:
        assert told(asks(server)) == untold("off")
        assert server.asked == []


def test_a_list_given_as_a_file_is_enough_and_nobody_is_asked() -> None:
    with Server() as server, server.fetcher() as fetcher:
        certificate = asks(server)
        for lists, revoked in (([revocation_list(CA)], False), ([revocation_list(CA, entry(4711))], True)):
            assert told(certificate, lists=lists).revoked is revoked
            assert told(certificate, lists=lists, visit=fetcher.visit()).revoked is revoked
        assert server.asked == []


def test_a_given_list_may_be_pem() -> None:
    listed = load_der_x509_crl(revocation_list(CA, entry(4711))).public_bytes(Encoding.PEM)
    assert told(subject(), lists=[listed]).revoked is True


def test_what_given_lists_do_not_tell_is_asked() -> None:
    with Server() as server:
        certificate = asks(server)
        server.answers["/ocsp"] = answer(certificate, CA)
        with server.fetcher() as fetcher:
            lists = [revocation_list(OTHER)]
            assert told(certificate, lists=lists) == untold("not_covered", "crl")
            assert told(certificate, lists=lists, visit=fetcher.visit()).revoked is False


def test_a_file_that_is_no_list_is_said_to_be_unreadable() -> None:
    assert told(subject(), lists=[b"<html>"]) == untold("unsupported", "crl")
    assert told(subject(), lists=[b"<html>", revocation_list(CA)]).revoked is False


def test_a_certificate_that_names_no_place_to_ask_says_so() -> None:
    with Server() as server:
        assert look(server, subject()) == untold("no_address")
        directories = subject(points(point(url("ldap://example.com/cn=list"))))
        assert look(server, directories) == untold("no_address")


# -- responders


@pytest.mark.parametrize("reason", [Reason.key_compromise, Reason.certificate_hold])
def test_a_responder_is_asked_and_believed(reason: Reason) -> None:
    with Server() as server:
        certificate = asks(server)
        server.answers["/ocsp"] = answer(certificate, CA, delegate(CA), revoked=True, reason=reason)
        words = {Reason.key_compromise: "keyCompromise", Reason.certificate_hold: "certificateHold"}
        assert look(server, certificate) == Status(True, words[reason], REVOKED_AT, AT + DAY, "ocsp")
        server.answers["/ocsp"] = answer(certificate, CA, delegate(CA))
        assert look(server, certificate) == Status(False, "", None, AT + DAY, "ocsp")
        assert server.asked == ["POST /ocsp", "POST /ocsp"]


def test_the_responder_gets_a_question_about_the_certificate() -> None:
    questions: list[bytes] = []
    with Server() as server:
        certificate = asks(server)

        def respond(question: bytes) -> bytes:
            questions.append(question)
            return answer(certificate, CA)

        server.answers["/ocsp"] = respond
        assert look(server, certificate).revoked is False
    [question] = questions
    assert library.load_der_ocsp_request(question).serial_number == 4711


def test_the_second_responder_is_asked_when_the_first_does_not_know() -> None:
    with Server() as server:
        certificate = subject(responders(server.at("/first"), server.at("/second")))
        server.answers["/first"] = answer(certificate, CA, revoked=None)
        server.answers["/second"] = answer(certificate, CA, revoked=True)
        assert look(server, certificate).revoked is True


USELESS: dict[str, tuple[str, Callable[[Issued], Answer]]] = {
    "unknown": ("unknown", lambda it: answer(it, CA, revoked=None)),
    "stale": ("stale", lambda it: answer(it, CA, start=AT - 9 * DAY, end=AT - DAY)),
    "future": ("stale", lambda it: answer(it, CA, start=AT + DAY, end=AT + 2 * DAY)),
    "signed by a stranger": ("not_signed", lambda it: answer(it, CA, OTHER)),
    "a delegate without the purpose": (
        "not_signed",
        lambda it: answer(it, CA, delegate(CA, purposes=())),
    ),
    "an expired delegate": ("not_signed", lambda it: answer(it, CA, delegate(CA, end=AT - DAY))),
    "somebody else's delegate": ("not_signed", lambda it: answer(it, CA, delegate(OTHER))),
    "about another": ("not_covered", lambda _: answer(subject(serial=1), CA)),
    "cut off": ("unsupported", lambda it: answer(it, CA)[:-9]),
    "a page": ("unsupported", lambda _: b"<html>Please sign in</html>"),
    "nothing": ("unsupported", lambda _: b""),
    "an error": ("unreachable", lambda _: 503),
    "too much": ("unreachable", lambda _: b"\x30" * (64 * 1024 + 1)),
}


@pytest.mark.parametrize("kind", USELESS)
def test_an_answer_that_tells_nothing_is_never_taken_for_fine(kind: str) -> None:
    reason, useless = USELESS[kind]
    with Server() as server:
        certificate = asks(server, listed=False)
        server.answers["/ocsp"] = useless(certificate)
        assert look(server, certificate) == untold(reason, "ocsp")


@pytest.mark.parametrize("kind", USELESS)
def test_where_the_responder_tells_nothing_the_list_is_used(kind: str) -> None:
    _, useless = USELESS[kind]
    with Server() as server:
        certificate = asks(server)
        server.answers["/ocsp"] = useless(certificate)
        server.answers["/crl"] = revocation_list(CA, entry(4711, reason=Reason.superseded))
        assert look(server, certificate) == Status(True, "superseded", REVOKED_AT, AT + DAY, "crl")
        assert server.asked == ["POST /ocsp", "GET /crl"]


def test_a_responder_that_is_down_or_silent_is_unreachable() -> None:
    silence = Event()
    with Server() as server:
        certificate = asks(server, listed=False)
        server.answers["/ocsp"] = silence
        with server.fetcher(seconds=0.2) as fetcher:
            assert told(certificate, visit=fetcher.visit()) == untold("unreachable", "ocsp")
        silence.set()
        server.stop()
        assert look(server, certificate) == untold("unreachable", "ocsp")


def test_the_list_is_used_when_the_responder_is_down() -> None:
    with Server() as responder, Server() as server:
        certificate = subject(responders(responder.at("/ocsp")), points(point(url(server.at("/crl")))))
        server.answers["/crl"] = revocation_list(CA)
        responder.stop()
        hosts = [("127.0.0.1", responder.port), ("127.0.0.1", server.port)]
        with Fetcher(allowed_hosts=hosts) as fetcher:
            assert told(certificate, visit=fetcher.visit()) == Status(False, "", None, AT + DAY, "crl")


def test_when_both_are_down_nothing_is_told() -> None:
    with Server() as server:
        certificate = asks(server)
        server.stop()
        assert look(server, certificate).revoked is None
        assert look(server, certificate).reason == "unreachable"


def test_an_address_in_our_own_network_is_not_asked() -> None:
    with Server() as server, Fetcher() as fetcher:
        status = told(asks(server), visit=fetcher.visit())
        assert (status.revoked, status.reason) == (None, "forbidden")
        assert server.asked == []


# -- lists


def test_a_list_is_fetched_and_believed() -> None:
    with Server() as server:
        certificate = asks(server, responder=False)
        server.answers["/crl"] = revocation_list(CA)
        assert look(server, certificate) == Status(False, "", None, AT + DAY, "crl")
        server.answers["/crl"] = revocation_list(CA, entry(4711))
        assert look(server, certificate).revoked is True


@pytest.mark.parametrize(
    ("given_list", "reason"),
    [
        (revocation_list(CA, key=ec_key()), "not_signed"),
        (revocation_list(CA, start=AT - 9 * DAY, end=AT - DAY), "stale"),
        (revocation_list(OTHER), "not_covered"),
        (revocation_list(CA)[:-5], "unsupported"),
        (b"<html>", "unsupported"),
        (404, "unreachable"),
    ],
    ids=["signed by a stranger", "stale", "another's", "cut off", "a page", "not there"],
)
def test_a_list_that_tells_nothing_is_never_taken_for_fine(given_list: Answer, reason: str) -> None:
    with Server() as server:
        certificate = asks(server, responder=False)
        server.answers["/crl"] = given_list
        assert look(server, certificate) == untold(reason, "crl")


def test_lists_for_some_reasons_are_fetched_until_all_reasons_are_covered() -> None:
    compromise = (Reason.key_compromise, Reason.ca_compromise)
    others = [one for one in Reason if one not in (*compromise, Reason.unspecified, Reason.remove_from_crl)]
    with Server() as server:
        first, second = url(server.at("/first")), url(server.at("/second"))
        certificate = subject(points(point(first, reasons=compromise), point(second, reasons=others)))
        server.answers["/first"] = revocation_list(CA, extensions=[scope(first)])
        assert look(server, certificate).revoked is None
        with server.fetcher() as fetcher:
            given_lists = [revocation_list(CA, extensions=[scope(second)])]
            assert told(certificate, lists=given_lists, visit=fetcher.visit()).revoked is False
        server.answers["/second"] = revocation_list(CA, extensions=[scope(second)])
        assert look(server, certificate).revoked is False


def test_of_two_addresses_of_one_list_the_second_is_asked_when_the_first_fails() -> None:
    with Server() as server:
        certificate = subject(points(point(url(server.at("/gone")), url(server.at("/crl")))))
        server.answers["/crl"] = revocation_list(CA)
        assert look(server, certificate).revoked is False
        assert server.asked == ["GET /gone", "GET /crl"]


def test_no_more_is_asked_than_one_upload_may() -> None:
    """The visit counts; what it no longer gives is unreachable, and never fine."""
    with Server() as server:
        certificate = subject(responders(*(server.at(f"/{number}") for number in range(9))))
        assert look(server, certificate) == untold("unreachable", "ocsp")
        assert len(server.asked) == 4


def test_one_look_asks_nothing_twice() -> None:
    with Server() as server, server.fetcher() as fetcher:
        certificate = asks(server)
        server.answers["/crl"] = revocation_list(CA, entry(4712))
        revocation = Revocation(visit=fetcher.visit())
        for _ in range(3):
            assert revocation.status(parsed(certificate), parsed(CA), [], nobody, AT).revoked is False
        assert server.asked == ["POST /ocsp", "GET /crl"]
        sibling = subject(points(point(url(server.at("/crl")))), serial=4712)
        assert revocation.status(parsed(sibling), parsed(CA), [], nobody, AT).revoked is True
        assert server.asked == ["POST /ocsp", "GET /crl"]


def test_a_list_by_a_key_of_its_own_counts_if_its_signer_is_vouched_for() -> None:
    signer = issue("Example Revoking CA", CA, (usage("crl_sign"), True), serial=31)
    revocation = Revocation(lists=[revocation_list(signer, entry(4711))])
    stranger = Revocation(lists=[revocation_list(signer, entry(4711))])
    arguments = (parsed(subject()), parsed(CA), [parsed(signer)])
    assert revocation.status(*arguments, lambda _: True, AT).revoked is True
    assert stranger.status(*arguments, nobody, AT) == untold("not_signed", "crl")


def test_signers_that_vouch_for_each_other_in_a_circle_prove_nothing() -> None:
    """Each one's list is signed by the other: who is asked about must not vouch for who is asked."""
    names = ("First List Service", "Second List Service")
    first, second = (
        issue(
            name,
            CA,
            (usage("crl_sign"), True),
            points(point(url("http://example.com/list"), issuer=directory(other))),
            serial=serial,
        )
        for serial, (name, other) in enumerate((names, names[::-1]), 31)
    )
    lists = [
        revocation_list(one, extensions=[scope(url("http://example.com/list"), indirect=True)])
        for one in (first, second)
    ]
    revocation = Revocation(lists=lists)
    signers = [parsed(first), parsed(second)]

    def vouched(signer: Parsed) -> bool:
        return revocation.status(signer, parsed(CA), signers, vouched, AT).revoked is False

    for signer in signers:
        assert revocation.status(signer, parsed(CA), signers, vouched, AT).revoked is None


# -- what is kept


@pytest.mark.parametrize("revoked", [True, False])
def test_an_answer_is_kept_until_its_next_update(revoked: bool) -> None:
    shelf = Shelf()
    with Server() as server:
        certificate = asks(server)
        server.answers["/ocsp"] = answer(certificate, CA, revoked=revoked, end=AT + DAY)
        first = look(server, certificate, shelf)
        assert first.revoked is revoked
        assert look(server, certificate, shelf, AT + DAY) == first
        assert server.asked == ["POST /ocsp"]
        server.answers["/ocsp"] = answer(certificate, CA, revoked=True, end=AT + 9 * DAY)
        assert look(server, certificate, shelf, AT + 2 * DAY).revoked is True
        assert server.asked == ["POST /ocsp", "POST /ocsp"]


def test_that_nothing_is_revoked_is_kept_for_a_day_at_most() -> None:
    shelf = Shelf()
    with Server() as server:
        certificate = asks(server)
        server.answers["/ocsp"] = answer(certificate, CA, end=AT + 300 * DAY)
        assert look(server, certificate, shelf).until == AT + 300 * DAY
        assert [status.until for status in shelf.kept.values()] == [AT + DAY]
        server.answers["/ocsp"] = answer(certificate, CA, revoked=True, end=AT + 300 * DAY)
        assert look(server, certificate, shelf, AT + DAY).revoked is False
        for days in (2, 290):  # what was revoked stays so
            assert look(server, certificate, shelf, AT + days * DAY).revoked is True
        assert server.asked == ["POST /ocsp", "POST /ocsp"]


def test_what_a_list_told_is_kept_too() -> None:
    shelf = Shelf()
    with Server() as server:
        certificate = asks(server, responder=False)
        server.answers["/crl"] = revocation_list(CA, entry(4711))
        assert look(server, certificate, shelf) == look(server, certificate, shelf)
        assert server.asked == ["GET /crl"]


@pytest.mark.parametrize("kind", USELESS)
def test_what_could_not_be_told_is_not_kept(kind: str) -> None:
    shelf = Shelf()
    with Server() as server:
        certificate = asks(server)
        server.answers["/ocsp"] = USELESS[kind][1](certificate)
        assert look(server, certificate, shelf).revoked is None
        assert shelf.kept == {}


def test_an_answer_without_an_end_is_not_kept() -> None:
    shelf = Shelf()
    with Server() as server:
        certificate = asks(server)
        server.answers["/ocsp"] = answer(certificate, CA, end=None)
        assert look(server, certificate, shelf).revoked is False
        assert shelf.kept == {}


def test_an_answer_that_is_kept_too_long_does_not_count() -> None:
    class Careless(Shelf):
        def get(self, certificate: str, at: datetime) -> Status | None:
            return self.kept.get(certificate)

    shelf, certificate = Careless(), subject()
    shelf.put(kept_as(parsed(certificate), parsed(CA)), Status(False, "", None, AT, "ocsp"))
    assert told(certificate, kept=shelf, at=AT).revoked is False
    assert told(certificate, kept=shelf, at=AT + DAY) == untold("off")


def test_an_answer_is_kept_for_one_certificate_by_one_issuer() -> None:
    keys = {
        kept_as(parsed(certificate), parsed(issuer))
        for certificate in (subject(), subject(serial=1))
        for issuer in (CA, OTHER)
    }
    assert len(keys) == 4


# -- anything


class Scripted:
    """A visit that gives what it is told, without a network."""

    def __init__(self, *given: bytes) -> None:
        self._given = list(given)

    def get(self, url: str, *, at_most: int, accept: str = "*/*") -> bytes:
        return self.post(url, b"", content_type="", at_most=at_most)

    def post(self, url: str, body: bytes, *, content_type: str, at_most: int) -> bytes:
        if not self._given:
            raise Unfetched("spent")
        return self._given.pop(0)


NAMED = subject(responders("http://example.com/ocsp"), points(point(url("http://example.com/crl"))))


@given(st.binary(max_size=120), st.binary(max_size=120), st.binary(max_size=120))
def test_any_answers_and_any_files_give_a_status(first: bytes, second: bytes, file: bytes) -> None:
    status = told(NAMED, visit=Scripted(first, second), lists=[file])
    assert status.revoked is None
    assert status.reason


@given(value=st.binary(max_size=60), oid=st.sampled_from(["2.5.29.31", "1.3.6.1.5.5.7.1.1", "2.5.29.19"]))
def test_a_certificate_with_any_extension_gives_a_status(value: bytes, oid: str) -> None:
    certificate = subject((UnrecognizedExtension(ObjectIdentifier(oid), value), False))
    lists = [revocation_list(CA, entry(4711))]
    assert told(certificate, visit=Scripted(b"", b""), lists=lists).revoked is not False
