"""Looks at this machine."""

import importlib.util
import os
import shutil
import zoneinfo
from pathlib import Path
from typing import Literal

from pydantic import SecretStr, TypeAdapter, ValidationError

from bot.doctor.facts import Machine
from bot.setting_shapes import WayThroughProxy
from bot.settings import Settings

MOUNTS = Path("/proc/self/mounts")


def machine(settings: Settings) -> Machine:
    """Its disk, its time zones, its way to the network, the reader of pictures."""
    place = _nearest(settings.data_dir)
    given = {"HTTPS_PROXY": settings.https_proxy, "HTTP_PROXY": settings.http_proxy}
    proxies = {name: value for name, value in given.items() if value}
    return Machine(
        free=shutil.disk_usage(place).free,
        is_writable=os.access(place, os.W_OK | os.X_OK),
        file_system=_file_system(place),
        time_zones=len(zoneinfo.available_timezones()),
        has_picture_reader=_has_picture_reader(),
        has_authorities=settings.ssl_cert_file is not None,
        proxies={name: _shape(value) for name, value in proxies.items()},
        proxies_with_password=tuple(
            name for name, value in proxies.items() if "@" in value.get_secret_value()
        ),
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


def _shape(proxy: SecretStr) -> Literal["good", "bad"]:
    try:
        TypeAdapter[SecretStr](WayThroughProxy).validate_python(proxy)
    except ValidationError:
        return "bad"
    return "good"
