"""Revocation from a dropped file to the message: asked once, kept in the database, off unless switched on."""

from datetime import UTC, datetime, timedelta

from bot.workspace.samples import Sample
from tests.certificates import Issued, authority, person, trusting
from tests.revocation_authority import Reason, Server, answer, issuers_at, responders
from tests.road import Stage, on_stage, words

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
ROOT = authority("Example Root CA", start=NOW - 900 * DAY, end=NOW + 900 * DAY)


def certificate(server: Server) -> Issued:
    return person(ROOT, responders(server.at("/ocsp")), start=NOW - 9 * DAY, end=NOW + 99 * DAY)


def revoking(leaf: Issued, *, revoked: bool) -> bytes:
    reason = Reason.key_compromise if revoked else None
    return answer(leaf, ROOT, revoked=revoked, reason=reason, start=NOW - DAY, end=NOW + DAY)


def test_a_revoked_certificate_goes_to_a_person_and_is_asked_for_once() -> None:
    with Server() as server:
        leaf = certificate(server)
        server.answers["/ocsp"] = revoking(leaf, revoked=True)
        file = Sample("mine.cer", leaf.der, {}, None)

        async def play(here: Stage) -> None:
            await here.say("署名の証明書の有効期限が切れています、と出ます", file)
            (answered,) = here.said()
            assert "取り消されています（失効）" in words(answered)
            assert "秘密キーが漏れた" in words(answered)
            await here.say("", file)
            assert server.asked == ["POST /ocsp"]
            assert here.ask("SELECT revoked, reason, source FROM statuses") == [
                (True, "keyCompromise", "ocsp")
            ]

        allowed = (("127.0.0.1", server.port),)
        on_stage(play, trust=trusting(ROOT), revocation=True, fetch_allowed_hosts=allowed)


def test_a_good_certificate_is_told_to_be_good_and_kept() -> None:
    with Server() as server:
        leaf = certificate(server)
        server.answers["/ocsp"] = revoking(leaf, revoked=False)

        async def play(here: Stage) -> None:
            await here.say("", Sample("mine.cer", leaf.der, {}, None))
            assert "問題はありません" in words(here.said()[-1])
            assert here.ask("SELECT revoked FROM statuses") == [(False,)]

        allowed = (("127.0.0.1", server.port),)
        on_stage(play, trust=trusting(ROOT), revocation=True, fetch_allowed_hosts=allowed)


def test_nobody_is_asked_unless_it_is_switched_on() -> None:
    with Server() as server:
        leaf = certificate(server)

        async def play(here: Stage) -> None:
            await here.say("", Sample("mine.cer", leaf.der, {}, None))
            assert "問題はありません" in words(here.said()[-1])
            assert server.asked == []

        on_stage(play, trust=trusting(ROOT), fetch_allowed_hosts=(("127.0.0.1", server.port),))


def test_an_internal_responder_that_nobody_allowed_is_not_asked_and_holds_nobody_up() -> None:
    with Server() as server:
        leaf = certificate(server)

        async def play(here: Stage) -> None:
            await here.say("", Sample("mine.cer", leaf.der, {}, None))
            assert "問題はありません" in words(here.said()[-1])
            assert server.asked == []

        on_stage(play, trust=trusting(ROOT), revocation=True)


def test_a_missing_issuer_is_fetched_where_that_is_switched_on() -> None:
    middle = authority("Example Issuing CA", ROOT, start=NOW - 99 * DAY, end=NOW + 99 * DAY)
    with Server(answers={"/issuing.cer": middle.der}) as server:
        leaf = person(middle, issuers_at(server.at("/issuing.cer")), start=NOW - 9 * DAY, end=NOW + 99 * DAY)

        async def play(here: Stage) -> None:
            await here.say("", Sample("mine.cer", leaf.der, {}, None))
            assert "Example Issuing CA（信頼できます）" in words(here.said()[-1])
            assert server.asked == ["GET /issuing.cer"]

        allowed = (("127.0.0.1", server.port),)
        on_stage(play, trust=trusting(ROOT), fetch_issuers=True, fetch_allowed_hosts=allowed)


def test_all_files_of_a_message_have_four_fetches_together() -> None:
    with Server() as server:
        leaves = [
            person(ROOT, responders(server.at(f"/{number}")), start=NOW - 9 * DAY, end=NOW + 99 * DAY)
            for number in range(6)
        ]
        for number, leaf in enumerate(leaves):
            server.answers[f"/{number}"] = revoking(leaf, revoked=False)

        async def play(here: Stage) -> None:
            await here.say(
                "", *(Sample(f"{number}.cer", leaf.der, {}, None) for number, leaf in enumerate(leaves))
            )
            assert len(server.asked) == 4
            assert "問題はありません" in words(here.said()[-1])

        allowed = (("127.0.0.1", server.port),)
        on_stage(play, trust=trusting(ROOT), revocation=True, fetch_allowed_hosts=allowed)
