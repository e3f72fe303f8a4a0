"""Looks at this machine."""

import importlib.util
import os
import re
import shutil
import zoneinfo
from pathlib import Path
from typing import Literal

from bot.doctor.facts import Machine
from bot.settings import Settings
from checks.programme import bundle
from checks.trust import BadTrust

MOUNTS = Path("/proc/self/mounts")
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY")
_PROXY = re.compile(
    r"https?://(?:[^\s/@]+@)?[^\s/@:]+(?::\d{1,5})?/?|https?://(?:[^\s/@]+@)?\[[0-9a-f:]+\](?::\d+)?/?"
)


def machine(settings: Settings) -> Machine:
    """Its disk, its time zones, its way to the network, the reader of pictures."""
    place = _nearest(settings.data_dir)
    given = {name: os.environ.get(name) or os.environ.get(name.lower()) for name in PROXIES}
    set_ = {name: value for name, value in given.items() if value}
    return Machine(
        free=shutil.disk_usage(place).free,
        is_writable=os.access(place, os.W_OK | os.X_OK),
        file_system=_file_system(place),
        time_zones=len(zoneinfo.available_timezones()),
        has_picture_reader=_has_picture_reader(),
        ca_file=_authorities(os.environ.get("SSL_CERT_FILE")),
        proxies={name: "good" if _PROXY.fullmatch(value) else "bad" for name, value in set_.items()},
        proxies_with_password=tuple(name for name, value in set_.items() if "@" in value),
    )


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    folder = folder.resolve()
    return next(place for place in (folder, *folder.parents) if place.exists())


def _file_system(place: Path) -> str | None:
    """Of the mount that holds it; None where this machine does not tell."""
    try:
        lines = MOUNTS.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return None
    mounts = [line.split(" ")[1:3] for line in lines if line.count(" ") > 2]
    holding = [(point, kind) for point, kind in mounts if place.is_relative_to(point)]
    return max(holding, key=lambda mount: len(mount[0]))[1] if holding else None


def _has_picture_reader() -> bool:
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "cv2", "onnxruntime"))


def _authorities(path: str | None) -> Literal["none", "good", "unreadable", "empty"]:
    if not path:
        return "none"
    try:
        return "good" if bundle(Path(path)) else "empty"
    except BadTrust:
        return "unreadable"
