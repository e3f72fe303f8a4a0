"""The second opinion of the library's verifier: what it has accepted of known issuers is not asked again."""

from collections.abc import Sequence

import pytest
from cryptography import x509

from checks import confirmation
from checks.certificate import Asked
from checks.confirmation import confirmed
from checks.path import End, Path
from checks.structure import Parsed, parse
from tests.certificates import ADDRESS, AT, Issued, authority, person

ASKED = Asked(AT, ADDRESS, None, "email")
ROOT = authority()


def forged(issued: Issued) -> bytes:
    return issued.der.replace(b"Hanako", b"Manako")


def path(leaf: bytes, issuers: Sequence[Parsed]) -> Path:
    return Path((parse(leaf), *issuers), End.TRUSTED)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many issuers the verifier was asked about, each time; it answers as it does."""
    counts = []
    accepted = confirmation._accepted

    def counted(leaf: Parsed, issuers: list[Parsed], asked: Asked) -> bool:
        counts.append(len(issuers))
        return accepted(leaf, issuers, asked)

    monkeypatch.setattr(confirmation, "_accepted", counted)
    return counts


def test_known_issuers_are_judged_once_and_every_leaf_is(asked: list[int]) -> None:
    middle = authority("Example Issuing CA", ROOT)
    issuers = [parse(middle.der), parse(ROOT.der)]
    leaves = (person(middle).der, person(middle).der, forged(person(middle)), person(ROOT).der)
    assert [confirmed(path(leaf, issuers), ASKED) for leaf in leaves] == [True, True, False, False]
    assert asked == [2, 1, 1, 1]


def test_issuers_that_were_not_accepted_are_judged_again(asked: list[int]) -> None:
    middle = authority("Example Issuing CA", authority())
    issuers = [parse(middle.der), parse(ROOT.der)]
    assert not any(confirmed(path(person(middle).der, issuers), ASKED) for _ in range(2))
    assert asked == [2, 2]


def test_the_limits_of_an_issuer_further_up_hold_for_every_leaf(asked: list[int]) -> None:
    limits = x509.NameConstraints([x509.RFC822Name("example.co.jp")], None)
    root = authority("Limited Root CA", None, (limits, True))
    middle = authority("Example Issuing CA", root)
    issuers = [parse(middle.der), parse(root.der)]
    leaves = [person(middle), person(middle, addresses=["user@example.com"])]
    assert [confirmed(path(leaf.der, issuers), ASKED) for leaf in leaves] == [True, False]
    assert asked == [2, 2]
