"""The shapes that settings have, as types. What is refused raises ValueError and is never repeated in it."""

import re
import ssl
from collections.abc import Callable
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from checks.asking import host_and_port
from knowledge.hours import BadHours, Hours, read_holidays, zone


def _matches(pattern: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError
        return text

    return check


def _secretly(check: Callable[[str], str]) -> Callable[[SecretStr], SecretStr]:
    return lambda secret: SecretStr(check(secret.get_secret_value()))


def _strip(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def lower(value: object) -> object:
    """The text without blanks around it and in small letters."""
    return value.strip().lower() if isinstance(value, str) else value


def upper(value: object) -> object:
    """The text without blanks around it and in capitals."""
    return value.strip().upper() if isinstance(value, str) else value


def _items(value: object) -> object:
    return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value


def _is_host(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        label = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
        return len(name) < 254 and bool(re.fullmatch(rf"{label}(\.{label})*", name))
    return True


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host(text: str) -> str:
    name = text.lower().removeprefix("[").removesuffix("]")
    if not _is_host(name):
        raise ValueError
    return name


def _host_and_port(value: object) -> object:
    """`host` or `host:port`; without a port 443 is meant."""
    if not isinstance(value, str):
        return value
    host, port = host_and_port(value)
    return _host(host), port or 443


def _host_and_any_port(value: object) -> object:
    """`host` or `host:port`; without a port both of the Web are meant."""
    if not isinstance(value, str):
        return value
    host, port = host_and_port(value)
    return _host(host), port


def _web_address(text: str) -> str:
    """An https address, or a plain http one on this machine; it ends in a slash."""
    parts = urlsplit(text)
    host = parts.hostname or ""
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))
    if (
        not encrypted
        or not _is_host(host)
        or parts.username
        or parts.query
        or parts.fragment
        or parts.port == 0
    ):
        raise ValueError
    return text if text.endswith("/") else text + "/"


def _proxy(text: str) -> str:
    """`http://name:password@host:port`, of which only the host must be there; what is odd in a password is
    written as %40 and so on."""
    address = text if "://" in text else f"http://{text}"
    parts = urlsplit(address)
    odd = parts.path.strip("/") or parts.query or parts.fragment or parts.netloc.count("@") > 1
    if odd or parts.scheme not in ("http", "https") or not _is_host(parts.hostname or "") or parts.port == 0:
        raise ValueError
    return address


def certificates(path: Path) -> str | bytes:
    """A file's certificates as Python's ssl takes them: PEM as text, DER as bytes. Raises ValueError."""
    try:
        data = path.read_bytes()
        found = data.decode("utf-8-sig", "replace") if b"-----BEGIN" in data else data
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=found)
    except OSError:  # ssl.SSLError is one, too
        raise ValueError from None
    return found


def _database_address(text: str) -> str:
    """An address as libpq reads it: a % that stands for itself in a password is written as %25."""
    try:
        conninfo_to_dict(_matches(r"postgres(ql)?://\S+")(text))
    except psycopg.ProgrammingError:  # its text shows the password
        raise ValueError from None
    return text


def _file_of_certificates(path: Path) -> Path:
    certificates(path)
    return path


def _existing(path: Path) -> Path:
    try:
        path.stat()
    except OSError:  # not there, or behind a folder that we may not enter
        raise ValueError from None
    return path


def _folder(path: Path) -> Path:
    if not _existing(path).is_dir():
        raise ValueError
    return path


def _file_of_dates(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return read_holidays(Path(value).read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadHours("the file cannot be read as UTF-8 text") from error


def _hours(text: str) -> str:
    Hours.parse(text, "UTC")
    return text


def _zone(name: str) -> str:
    return zone(name).key


Trimmed = BeforeValidator(_strip)
Line = Annotated[str, Trimmed, AfterValidator(_matches(r"\S.*"))]
Word = Annotated[str, Trimmed, AfterValidator(_matches(r"\S+"))]
HostName = Annotated[str, Trimmed, AfterValidator(_host)]
SlackAddress = Annotated[str, Trimmed, AfterValidator(_web_address)]
HelpdeskHours = Annotated[str, Trimmed, AfterValidator(_hours)]
TimeZone = Annotated[str, Trimmed, AfterValidator(_zone)]
Switch = Annotated[bool, Trimmed]
Number = Annotated[int, Trimmed]

BotToken = Annotated[SecretStr, AfterValidator(_secretly(_matches(r"(xoxb-|xoxe\.xoxb-)\S+")))]
AppToken = Annotated[SecretStr, AfterValidator(_secretly(_matches(r"xapp-\S+")))]
SigningSecret = Annotated[SecretStr, AfterValidator(_secretly(_matches(r"\S+")))]
DatabaseAddress = Annotated[SecretStr, AfterValidator(_secretly(_database_address))]
ProxyAddress = Annotated[SecretStr, AfterValidator(_secretly(_matches(r"https?://[^\s/]+/?")))]
WayThroughProxy = Annotated[SecretStr, AfterValidator(_secretly(_proxy))]

HostsAndPorts = Annotated[
    tuple[Annotated[tuple[str, int], BeforeValidator(_host_and_port)], ...], NoDecode, BeforeValidator(_items)
]
AllowedHosts = Annotated[
    tuple[Annotated[tuple[str, int | None], BeforeValidator(_host_and_any_port)], ...],
    NoDecode,
    BeforeValidator(_items),
]
Folder = Annotated[Path, AfterValidator(_folder)]
ExistingPath = Annotated[Path, AfterValidator(_existing)]
FileOfCertificates = Annotated[Path, AfterValidator(_file_of_certificates)]
ExistingPaths = Annotated[tuple[ExistingPath, ...], NoDecode, BeforeValidator(_items)]
Dates = Annotated[frozenset[date], NoDecode, Trimmed, BeforeValidator(_file_of_dates)]
