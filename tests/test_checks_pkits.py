"""NIST's PKITS (Public Key Interoperability Test Suite, 2011): certificates whose right judgement is known.

The files come with `cryptography-vectors`. A certificate's name says what is right: it begins with Valid or
Invalid. All sections are held but those on certificate policies (4.8 to 4.12) and delta lists (4.15), which
decide nothing for mail. Every authority and every list of the suite is known at once, so that each path must
also be found among 180 certificates.
"""

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import cryptography_vectors
import pytest

from checks.report import Asking, Report, Trust, inspect

PKITS = Path(cryptography_vectors.__file__).parent / "x509" / "PKITS_data"
IN_TIME = datetime(2020, 6, 1, tzinfo=UTC)
OF_ITS_OWN = re.compile(r"Policy|deltaCRL|PolicyMapping")

# What makes a path wrong. That the names in it are nobody's mail addresses is another matter.
WRONG = frozenset(
    {
        *("expired", "not_yet_valid", "bad_signature", "issuer_not_allowed", "self_signed"),
        *("untrusted_root", "incomplete_chain", "revoked", "revocation_unknown"),
    }
)

CASES = sorted(
    path.stem.removesuffix("EE")
    for path in (PKITS / "certs").glob("*EE.crt")
    if path.name.startswith(("Valid", "Invalid")) and not OF_ITS_OWN.search(path.name)
)


# The one difference (4.1.5): a DSA key that leaves its parameters to its issuer's (RFC 3279 2.3.2). What it
# signed is not computed, for no mail program uses it: the report says that it cannot be told, never "fine".
UNTOLD = "ValidDSAParameterInheritanceTest5"


@cache
def known() -> tuple[Trust, Asking]:
    """The suite's root, its authorities and its revocation lists."""
    authorities = [
        path for path in sorted((PKITS / "certs").glob("*.crt")) if not path.name.endswith("EE.crt")
    ]
    root = PKITS / "certs" / "TrustAnchorRootCertificate.crt"
    lists = tuple(path.read_bytes() for path in sorted((PKITS / "crls").glob("*.crl")))
    trust = Trust.of([root.read_bytes()], [path.read_bytes() for path in authorities if path != root])
    return trust, Asking(lists=lists)


def judged(case: str) -> Report:
    trust, asking = known()
    data = (PKITS / "certs" / f"{case}EE.crt").read_bytes()
    return inspect(data, at=IN_TIME, trust=trust, asking=asking)


def test_every_case_of_the_sections_is_there() -> None:
    assert len(CASES) == 151


@pytest.mark.parametrize("case", CASES)
def test_a_path_is_judged_as_pkits_says(case: str) -> None:
    report = judged(case)
    wrong = {finding.code for finding in report.holding if finding.code in WRONG}
    if case == UNTOLD:
        assert wrong == {"revocation_unknown"}
        assert report.holds("bad_signature") is None
        return
    assert (not wrong) == case.startswith("Valid"), [
        finding.model_dump(exclude={"severity"}) for finding in report.holding
    ]
