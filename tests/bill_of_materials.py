"""`python -m tests.bill_of_materials FILE`: what a server installs, with hashes and licences (CycloneDX 1.6).

The tool of CycloneDX reads the lock; what a licence is, and what needs what, is added from the packages that
are installed here. The same lock always makes the same file.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements-ocr.txt"

# Fit for a company as they are: https://spdx.org/licenses
FIT = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU"),
        *("MPL-2.0", "PSF-2.0", "Zlib"),
    }
)

# How licences are written where no SPDX identifier stands.
SPELT = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
}

# What installs on Windows alone, where nobody looked.
ELSEWHERE = {"colorama": "BSD-3-Clause"}

# Licences of libraries inside a wheel, which the package does not declare as its own.
BUNDLED = {
    "numpy": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "opencv-python-headless": "LGPL-2.1-or-later",
    "pillow-heif": "LGPL-3.0-only AND GPL-2.0-or-later",
    "shapely": "LGPL-2.1-or-later",
}

# Why a licence that asks for more is fit all the same.
REASONS = {
    "numpy": "GCC's runtime library, whose exception allows any program",
    "onnxruntime": "its notices name GNU's licences where another one may be chosen (Mbed TLS: Apache-2.0)",
    "opencv-python-headless": "FFmpeg, an unmodified library of its own; only with the picture reader",
    "pillow": "FreeType under its own licence (FTL) and liblzma, which is in the public domain",
    "pillow-heif": (
        "libheif and x265, unmodified: free to use inside the company. Who hands the image on to others has "
        "the GPL's duties (source). Only with the picture reader, for iPhone pictures"
    ),
    "psycopg": "used unmodified, as a library",
    "psycopg-binary": "used unmodified, as a library",
    "psycopg-pool": "used unmodified, as a library",
    "shapely": "GEOS, an unmodified library of its own; only with the picture reader",
}


@dataclass(frozen=True)
class Package:
    """What is installed; `licence` is an SPDX expression, of the package and of what is in its wheel."""

    name: str
    licence: str


def locked(text: str) -> list[Requirement]:
    """The requirements that a locked file names; one may come twice, for two versions of Python."""
    return [Requirement(line.rstrip(" \\")) for line in text.splitlines() if re.match(r"\w", line)]


def packages() -> list[Package]:
    """What a server installs, with the picture reader, by name. Raises PackageNotFoundError."""
    names = sorted({canonicalize_name(requirement.name) for requirement in locked(LOCK.read_text("utf-8"))})
    return [
        Package(name, " AND ".join([declared(name), *filter(None, [BUNDLED.get(name)])])) for name in names
    ]


def declared(name: str) -> str:
    """The licence that a package says it has, as an SPDX expression; `NONE` if it says nothing clear."""
    if name in ELSEWHERE:
        return ELSEWHERE[name]
    told = metadata.metadata(name)
    kinds = [kind for kind in told.get_all("Classifier") or () if kind.startswith("License ::")]
    ways = (told.get_all("License-Expression"), told.get_all("License"), kinds)
    said = next((way[0].rpartition(" :: ")[2] for way in ways if way), "NONE")
    return SPELT.get(said, said) if len(said) < 100 else "NONE"


def unfit(found: Sequence[Package], reasons: Mapping[str, str] = REASONS) -> list[str]:
    """Those whose licence needs a look, with the licence; none if all is well."""
    return [
        f"{one.name}: {one.licence}" for one in found if one.name not in reasons and not is_fit(one.licence)
    ]


def is_fit(licence: str) -> bool:
    """Whether what the expression allows is enough: all of AND, one of OR."""
    return all(
        any(choice.strip(" ()") in FIT for choice in part.split(" OR ")) for part in licence.split(" AND ")
    )


def unexplained() -> list[str]:
    """Packages with a GNU licence among their files that nobody gave a reason for.

    PSF's and Mozilla's licences speak of GNU's in passing.
    """
    found = []
    for one in packages():
        if (
            one.name in REASONS
            or one.name in ELSEWHERE
            or {"PSF-2.0", "MPL-2.0"} & set(one.licence.split(" "))
        ):
            continue
        for file in metadata.files(one.name) or ():
            is_licence = re.search("licen|copying|notice", file.name, re.IGNORECASE) and file.suffix != ".py"
            if is_licence and re.search(
                r"GENERAL\s+PUBLIC\s+LICEN|GPL", file.read_text("utf-8"), re.IGNORECASE
            ):
                found.append(f"{one.name}: {file}")
    return found


def table() -> str:
    """The licences for people who read: by licence, then why the others are fit."""
    by_licence = defaultdict(list)
    for one in packages():
        by_licence[one.licence].append(one.name)
    lines = ["| licence | packages |", "|---|---|"]
    lines += [f"| {licence} | {', '.join(names)} |" for licence, names in sorted(by_licence.items())]
    lines += ["", "| not only these licences | why it is fit |", "|---|---|"]
    lines += [f"| {name} | {reason} |" for name, reason in sorted(REASONS.items())]
    return "\n".join(lines) + "\n"


def bill() -> dict[str, Any]:
    """The bill of materials. Raises CalledProcessError."""
    command = (
        *(sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", str(LOCK)),
        *("--pyproject", str(ROOT / "pyproject.toml"), "--spec-version", "1.6", "--output-reproducible"),
    )
    made: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    licences = {one.name: one.licence for one in packages()}
    ours = made["metadata"]["component"]["bom-ref"]
    refs: dict[str, list[str]] = defaultdict(list)
    for component in made["components"]:
        name = canonicalize_name(component["name"])
        old, component["bom-ref"] = component["bom-ref"], component["purl"]
        refs[name].append(component["purl"])
        marker = re.search(r" ; (.+?)\s+--hash", component["description"])
        component.pop("description")
        whose = "concluded" if name in BUNDLED else "declared"
        component["licenses"] = [{"expression": licences[name], "acknowledgement": whose}]
        if marker:
            component["properties"] = [{"name": "python:marker", "value": marker[1]}]
        made["dependencies"] = [one for one in made["dependencies"] if one["ref"] != old]
    needs = {ours: sorted(ref for name in _asked_for() for ref in refs[name])}
    for package, places in refs.items():
        below = sorted(ref for other in _needed_by(package) for ref in refs.get(other, ()))
        needs |= dict.fromkeys(places, below)
    made["dependencies"] = [
        {"ref": ref, **({"dependsOn": below} if below else {})} for ref, below in sorted(needs.items())
    ]
    return made


def _asked_for() -> dict[str, frozenset[str]]:
    """What the project itself asks for, with which extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = map(Requirement, project["dependencies"] + project["optional-dependencies"]["ocr"])
    return {canonicalize_name(one.name): frozenset(one.extras) for one in asked}


def _needed_by(name: str) -> Iterator[str]:
    """What a package needs on this machine."""
    if name in ELSEWHERE:
        return
    extras = {"", *_asked_for().get(canonicalize_name(name), ())}
    for line in metadata.requires(name) or ():
        needed = Requirement(line)
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
            yield canonicalize_name(needed.name)


def main() -> None:
    """Writes it. A licence that is not fit ends it with 1."""
    (target,) = sys.argv[1:]
    if found := [*unfit(packages()), *unexplained()]:
        sys.exit("\n".join(["Licences that need a look (tests/bill_of_materials.py):", *found]))
    Path(target).write_text(json.dumps(bill(), indent=2, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
