"""`python -m tests.container`: builds and runs the Dockerfile step by step, on a machine without Docker.

What goes in is what .dockerignore lets through; RUN lines are run as they stand; the bot then runs as the
image's user, by its ENTRYPOINT, on files that it cannot change, and its HEALTHCHECK is asked. What is not as
in a container: the base image is this machine's Python, and the rest of this machine can be seen.
"""

import argparse
import asyncio
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from tests.bill_of_materials import locked

ROOT = Path(__file__).parents[1]
NEEDED_TO_RUN = ("bin", "lib")
NOT_NEEDED_TO_RUN = shutil.ignore_patterns(
    *("__pycache__", "test", "tests", "idlelib", "tkinter", "lib2to3", "site-packages", "*.a", "pkgconfig")
)

Install = Callable[[Path, Path], None]
"""Installs what a file of requirements locks into a folder of packages."""


@dataclass
class Image:
    """What was built: `root` is the container's /, and all else as the Dockerfile says it."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = ""
    entry: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def here(self) -> Path:
        """Its working directory."""
        return self.root / self.folder.lstrip("/")

    def started_as(self) -> dict[str, Any]:
        """How its processes are started: where, and as whom (if we may choose)."""
        uid, gid = (int(number) for number in self.user.split(":"))
        chosen: dict[str, Any] = {"user": uid, "group": gid, "extra_groups": []} if os.geteuid() == 0 else {}
        return {"cwd": self.here, **chosen}

    def with_settings(self, settings: Mapping[str, str]) -> dict[str, str]:
        """The environment of a process in it, as `docker run --env` makes it."""
        return {"PATH": f"{self.root}/usr/local/bin:/usr/bin:/bin", **self.environment, **settings}


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """The Dockerfile's instructions with what follows them."""
    joined = re.sub(r"\\\n\s*", " ", "\n".join(line for line in text.split("\n") if not line.startswith("#")))
    for line in joined.splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            yield name, rest.strip()


def let_through(source: Path) -> list[str]:
    """The files that .dockerignore lets into the build, as Docker reads it: the last pattern that fits a file
    or a folder above it counts."""
    lines = (source / ".dockerignore").read_text("utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    found = []
    for folder, _, names in os.walk(source):
        for name in names:
            path = (Path(folder) / name).relative_to(source)
            above = [path, *path.parents][:-1]
            ignored = False
            for pattern in patterns:
                if any(_fits(pattern.removeprefix("!"), one.as_posix()) for one in above):
                    ignored = not pattern.startswith("!")
            if not ignored:
                found.append(path.as_posix())
    return sorted(found)


def _fits(pattern: str, path: str) -> bool:
    expression = re.escape(pattern).replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*")
    return re.fullmatch(expression, path) is not None


def build(source: Path, folder: Path, *, install: Install | None = None, **arguments: str) -> Image:
    """Builds the image in a folder. `install` takes the place of `pip install`; `arguments` are --build-arg.

    Raises ValueError for an instruction that is not known here, CalledProcessError if a step fails.
    """
    context = folder / "context"
    for path in let_through(source):
        (context / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, context / path)
    image = Image(folder / "root")
    image.root.mkdir(mode=0o755)
    given: dict[str, str] = {}
    for name, rest in instructions((source / "Dockerfile").read_text("utf-8")):
        if name == "ARG":
            argument, _, default = rest.partition("=")
            given[argument] = arguments.get(argument, default)
        elif name == "FROM":
            image.environment |= _base(folder, image.root / "usr" / "local")
        elif name in ("ENV", "LABEL"):
            where = image.environment if name == "ENV" else image.labels
            where |= dict(pair.split("=", 1) for pair in shlex.split(rest))
        elif name == "WORKDIR":
            image.folder = rest
            image.here.mkdir(parents=True)
        elif name == "COPY":
            *sources, target = rest.split()
            for one in sources:
                _copy(context / one, image.here / target)
        elif name == "RUN":
            _run(image, rest, given, install)
        elif name == "USER":
            image.user = rest
        elif name == "HEALTHCHECK":
            image.health = json.loads(rest[rest.index("CMD ") + 4 :])
        elif name == "ENTRYPOINT":
            image.entry = json.loads(rest)
        elif name == "CMD":
            image.command = json.loads(rest)
        elif name not in ("EXPOSE", "STOPSIGNAL"):
            raise ValueError(f"{name}: not known here")
    _take_away_the_right_to_write(image.root)
    return image


def _take_away_the_right_to_write(root: Path) -> None:
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)


def _base(folder: Path, place: Path) -> dict[str, str]:
    """This machine's Python with pip in it, and nothing else; a copy if others cannot reach it. What the
    environment needs for that."""
    python = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    environment = {}
    if not all(above.stat().st_mode & 0o001 for above in python.resolve().parents):
        for part in NEEDED_TO_RUN:
            shutil.copytree(
                Path(sys.base_prefix) / part,
                folder / "python" / part,
                symlinks=True,
                ignore=NOT_NEEDED_TO_RUN,
            )
        python = folder / "python" / "bin" / python.name
        environment["LD_LIBRARY_PATH"] = str(folder / "python" / "lib")
    subprocess.run((python, "-m", "venv", "--without-pip", place), check=True)
    _copy_installed("pip", _packages(place))
    return environment


def _packages(place: Path) -> Path:
    return place / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copy(source, target / source.name if target.is_dir() else target)


def _run(image: Image, line: str, given: Mapping[str, str], install: Install | None) -> None:
    for step in line.split(" && "):
        if install and " pip install " in step:
            (file,) = re.findall(r"--requirement \$\{(\w+)\}", step)
            install(image.here / given[file], _packages(image.root / "usr" / "local"))
            continue
        environment = image.with_settings(given)
        subprocess.run(("/bin/sh", "-c", step), cwd=image.here, env=environment, check=True)


def installed_here(requirements: Path, packages: Path) -> None:
    """Copies what is locked from the packages that are installed here. Raises ValueError if one is not that
    version, PackageNotFoundError if one is missing."""
    for requirement in locked(requirements.read_text("utf-8")):
        if requirement.marker is None or requirement.marker.evaluate():
            version = metadata.version(requirement.name)
            if version not in requirement.specifier:
                raise ValueError(f"{requirement}: {version} is installed here")
            _copy_installed(requirement.name, packages)


def _copy_installed(name: str, packages: Path) -> None:
    for file in metadata.distribution(name).files or ():
        source = Path(str(file.locate()))
        if ".." not in file.parts and source.exists():  # programs in bin/ are not needed
            target = packages / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)  # with its date, for what is compiled already knows it


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that every user of this machine can look into, gone with the block."""
    made = Path(tempfile.mkdtemp(prefix="container-"))
    made.chmod(0o755)
    try:
        yield made
    finally:
        for path in made.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(made)


def main(arguments: Sequence[str] | None = None) -> None:
    """Builds with pip, as Docker would, and lets the bot answer somebody."""
    from tests.test_container import answers_somebody

    parser = argparse.ArgumentParser(prog="python -m tests.container")
    parser.add_argument("--requirements", default="requirements.txt")
    given = parser.parse_args(arguments)
    with folder() as place:
        image = build(ROOT, place, REQUIREMENTS=given.requirements)
        asyncio.run(answers_somebody(image))
    print(f"built with {given.requirements}, answered, stopped")


if __name__ == "__main__":
    main()
