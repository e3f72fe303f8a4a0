"""This machine: its disk, its time zones, the way to the network, the reader of pictures.

Pure: facts -> results.
"""

from collections.abc import Iterable

from bot.doctor.check import Check, Result, Said, fault, note, ok, warning
from bot.doctor.facts import Facts, have

MEGABYTE = 1024 * 1024
LITTLE, TOO_LITTLE = 1024 * MEGABYTE, 200 * MEGABYTE
FLEETING = frozenset({"tmpfs", "ramfs", "overlay"})
"""File systems that are empty after a restart, or after a container is replaced."""

_ELSEWHERE = Said(
    "DATABASE_URL に PostgreSQL を設定するか、DATA_DIR を残るディスクに移してください",
    "Set DATABASE_URL to a PostgreSQL server, or move DATA_DIR to a disk that stays",
)


def disk(facts: Facts) -> Iterable[Result]:
    """The embedded database's disk can be written and has room."""
    machine = have(facts.machine)
    if have(facts.configuration).company_has_database:
        return
    if not machine.is_writable:
        yield fault(
            "DATA_DIR に書き込めません",
            "DATA_DIR cannot be written to",
            Said("フォルダーの持ち主と権限を確かめてください", "See to the folder's owner and permissions"),
        )
    if machine.free is None:
        return
    room = machine.free // MEGABYTE
    told = (f"空き {room:,} MB", f"{room:,} MB free")
    cure = Said(
        "場所を空けてください。足りなくなるとデータベースが止まります",
        "Make room: without it the database stops",
    )
    if machine.free < TOO_LITTLE:
        yield fault(*told, cure)
    elif machine.free < LITTLE:
        yield warning(*told, cure)
    else:
        yield ok(*told)


def data_stays(facts: Facts) -> Iterable[Result]:
    """What the embedded database keeps is there after a restart."""
    given, machine = have(facts.configuration), have(facts.machine)
    if given.company_has_database:
        return
    if given.on_dyno:
        yield fault("この環境のディスクは毎日消えます", "this disk is emptied every day", _ELSEWHERE)
    elif machine.file_system in FLEETING:
        yield warning(
            f"再起動で消えるディスクです（{machine.file_system}）",
            f"its disk is empty after a restart ({machine.file_system})",
            _ELSEWHERE,
        )
    elif machine.file_system:
        yield ok("残るディスクです", "stays on its disk")


def time_zones(facts: Facts) -> Iterable[Result]:
    """The time zones' data are there."""
    count, zone = have(facts.machine).time_zones, have(facts.configuration).time_zone
    if count:
        yield ok(zone, zone)
    else:
        yield fault(
            "タイムゾーンのデータがありません",
            "there are no data of time zones",
            Said("apt install tzdata か pip install tzdata", "apt install tzdata, or pip install tzdata"),
        )


def authorities(facts: Facts) -> Iterable[Result]:
    """SSL_CERT_FILE is used; that it can be read is a matter of its shape."""
    if have(facts.machine).has_authorities:
        yield ok("SSL_CERT_FILE も使います", "SSL_CERT_FILE is used, too")


def proxies(facts: Facts) -> Iterable[Result]:
    """HTTPS_PROXY is a proxy's address."""
    machine = have(facts.machine)
    for name, shape in machine.proxies.items():
        if shape == "bad":
            yield fault(
                "形が違います",
                "is not as it should be",
                Said(f"{name}=http://ホスト:ポート", f"{name}=http://host:port"),
                about=name,
            )
        elif name in machine.proxies_with_password:
            yield ok("使います（名前とパスワードつき）", "is used (with a name and a password)", about=name)
        else:
            yield ok("使います", "is used", about=name)


def pictures(facts: Facts) -> Iterable[Result]:
    """Screenshots can be read."""
    if have(facts.machine).has_picture_reader:
        yield ok("読めます", "can be read")
    else:
        yield note(
            "読めません。利用者には文字で貼るようにお願いします",
            "cannot be read: people are asked for the text",
            Said(
                "pip install --require-hashes --no-deps -r requirements-ocr.txt",
                "pip install --require-hashes --no-deps -r requirements-ocr.txt",
            ),
        )


CHECKS = (
    Check("machine.disk", Said("ディスク", "Disk"), disk),
    Check("machine.data", Said("データの置き場所", "Where data are kept"), data_stays),
    Check("machine.time_zones", Said("タイムゾーン", "Time zone"), time_zones),
    Check("machine.authorities", Said("TLS の認証局", "TLS authorities"), authorities),
    Check("machine.proxy", Said("プロキシ", "Proxy"), proxies),
    Check("machine.pictures", Said("画像の文字", "Screenshots"), pictures),
)
