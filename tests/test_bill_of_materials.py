"""The bill of materials is complete, and every licence in it is fit for a company or has its reason."""

import json
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.bill_of_materials import (
    BUNDLED,
    LOCK,
    REASONS,
    ROOT,
    Package,
    bill,
    is_fit,
    locked,
    packages,
    table,
    unexplained,
    unfit,
)


def test_every_licence_is_fit_for_a_company_or_has_its_reason() -> None:
    assert unfit(packages()) == []
    assert unexplained() == []


def test_a_licence_that_nobody_looked_at_is_named_with_its_package() -> None:
    strange = [Package("strange", "AGPL-3.0-only"), Package("silent", "NONE"), Package("plain", "MIT")]
    assert unfit(strange) == ["strange: AGPL-3.0-only", "silent: NONE"]
    assert {line.split(":")[0] for line in unfit(packages(), reasons={})} >= {
        "psycopg",
        "pillow-heif",
        *BUNDLED,
    }


@pytest.mark.parametrize(
    ("licence", "fit"),
    [
        ("MIT", True),
        ("Apache-2.0 AND MIT", True),
        ("MIT AND GPL-2.0-only", False),
        ("GPL-2.0-only OR BSD-3-Clause", True),
        ("", False),
    ],
)
def test_all_of_and_one_of_or_must_be_fit(licence: str, fit: bool) -> None:
    assert is_fit(licence) == fit


def test_no_reason_outlives_its_package() -> None:
    assert REASONS.keys() - {one.name for one in packages()} == set()


def test_the_bill_names_all_that_is_locked_with_hashes_licences_and_what_needs_it() -> None:
    made = bill()
    text = json.dumps(made)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    named = {(one["name"], one["version"]) for one in made["components"]}
    lock = locked(LOCK.read_text("utf-8"))
    assert named == {(one.name, str(one.specifier).removeprefix("==")) for one in lock}
    for one in made["components"]:
        assert one["licenses"]
        assert any(place.get("hashes") for place in one["externalReferences"]), one["name"]
    below = {one["ref"]: set(one.get("dependsOn", ())) for one in made["dependencies"]}
    reached: set[str] = set()
    waiting = {made["metadata"]["component"]["bom-ref"]}
    while waiting:
        reached |= waiting
        waiting = {ref for one in waiting for ref in below[one]} - reached
    unreached = {one["name"] for one in made["components"] if one["bom-ref"] not in reached}
    assert unreached <= {"colorama", "tzdata"}  # asked for on Windows alone
    assert "timestamp" not in text
    assert str(ROOT) not in text


def test_the_readmes_licences_are_those_of_the_packages() -> None:
    readme = Path(ROOT / "README.md").read_text("utf-8")
    if "<!-- licences -->" in readme:
        assert readme.partition("<!-- licences -->\n")[2].partition("<!-- /licences -->")[0] == table()
