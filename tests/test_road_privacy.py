"""No byte of a file gets into the database or a log, and no text or address into a log: both are searched."""

import base64
import logging
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from PIL import Image

from bot import dialogue
from bot.logs import configure_logging
from bot.workspace.faults import Dropped, Ratelimited, ServerError, SignInPage
from bot.workspace.people import SATO
from bot.workspace.samples import Sample
from tests.certificates import person
from tests.road import ROW_1, Stage, new_database, on_stage
from tests.searching import PIECE, kept, readings, where_files_are, where_words_are
from tests.test_road_logs import Captured, logged

# What Sato writes and is: a word of each text, an address, a server, the files' names, the profile.
WORDS = (
    "もみじの手紙",
    "やまぶき色の封筒",
    "ふじの花かんざし",
    "kaede@example.co.jp",
    "mail.himawari.example.jp",
    "tsubaki-san",
    "Sumire Koharu",
    SATO.email,
    SATO.real_name,
    SATO.name,
)

KEY = ec.generate_private_key(ec.SECP256R1())
PERSON = person(common_name="Sumire Koharu", addresses=["kaede@example.co.jp"], key=KEY)
OTHER = person(common_name="Ren", addresses=["kaede@example.co.jp"])


def picture() -> bytes:
    """Without a text, and no two pieces of it are the same."""
    drawn = BytesIO()
    Image.effect_noise((160, 120), 80).convert("RGB").save(drawn, "JPEG")
    return drawn.getvalue()


FILES: Mapping[str, bytes] = {
    "tsubaki-san.cer": PERSON.der,
    "tsubaki-san.pem": OTHER.pem,
    "tsubaki-san-key.pem": PERSON.pem + KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    "tsubaki-san.key": KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
    "tsubaki-san.p12": pkcs12.serialize_key_and_certificates(
        b"tsubaki", KEY, PERSON.certificate, None, BestAvailableEncryption(b"himitsu")
    ),
    "tsubaki-san.jpg": picture(),
    "tsubaki-san.txt": "会議のメモです。次は水曜日に、三階の部屋で続けます。".encode(),
}


def with_bodies(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files, and what the base64 in those that are PEM stands for."""
    return {**files} | {
        f"{name}, decoded": base64.b64decode(block)
        for name, data in files.items()
        for block in re.findall(rb"-----BEGIN [^-]+-----\n(.*?)-----END", data, re.DOTALL)
    }


@contextmanager
def in_both_styles() -> Iterator[Captured]:
    """Everything is logged, for people and as JSON."""
    with logged() as captured:
        root = logging.getLogger()
        (as_json,) = (handler for handler in root.handlers if handler is not captured)
        configure_logging("DEBUG", "human")
        root.handlers += [as_json, captured]
        yield captured


def told(captured: Captured) -> dict[str, list[bytes]]:
    return {"log": [way for line in captured.seen for way in readings(line)]}


def server_log(database: str) -> Path:
    """What the database's server itself writes: statements that failed, and with what."""
    with psycopg.connect(database) as connection:
        ((folder,),) = connection.execute("SHOW data_directory").fetchall()
    return Path(folder) / "log.txt"


async def talk(here: Stage) -> AsyncIterator[None]:
    """Texts, files of every kind, and what fails on the way; a stop after each, to look what is kept."""
    faults = here.workspace.faults
    faults.on_call("chat.postMessage", Ratelimited(0))
    faults.on_call("chat.postMessage", Dropped(done=False))
    faults.on_call("users.info", ServerError())
    await here.say("社内LANに繋がりません、もみじの手紙")
    await here.say(ROW_1.replace("user@", "kaede@"))
    faults.on_file(SignInPage())
    await here.say("", Sample("tsubaki-san.cer", FILES["tsubaki-san.cer"], {}, None))
    faults.on_file(ServerError())
    for name, data in FILES.items():
        await here.say("", Sample(name, data, {}, None))
        yield
    await here.say("mail.himawari.example.jp に繋ぐとターゲットのプリンシパル名が間違っています、と出ます")
    await here.say("担当者と話す")
    await here.say("補足です。やまぶき色の封筒で届いた証明書です")
    await here.say("ふじの花かんざし")
    yield


def test_no_byte_of_a_file_is_kept_and_nothing_of_it_or_of_what_people_write_is_logged(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    step = dialogue.step

    def breaks_at_times(*arguments: object) -> object:
        if getattr(arguments[1], "text", "") == "ふじの花かんざし":
            raise RuntimeError("ふじの花かんざし")
        return step(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(dialogue, "step", breaks_at_times)
    database = new_database()
    before = len(server_log(database).read_bytes())
    files = with_bodies(FILES)

    words: set[str] = set()

    async def play(here: Stage) -> None:
        async for _ in talk(here):
            everything = kept(database)
            assert where_files_are(everything, files) == set()
            words.update(word for _, word in where_words_are(everything, WORDS))

    with in_both_styles() as captured:
        # what this channel is not given is kept
        on_stage(play, database=database, helpdesk_channel="C0NOTTHERE1")
    # what may be kept for its time is found, so what may not would be
    assert {"tsubaki-san", "Sumire Koharu", "kaede@example.co.jp", SATO.real_name} <= words
    printed = capfd.readouterr()
    assert len(captured.seen) > 100
    assert "a step of conversation" in str(captured.seen)
    written = told(captured) | {
        "printed": list(readings(printed.out + printed.err)),
        "server": list(readings(server_log(database).read_bytes()[before:].decode())),
    }
    assert where_words_are(written, WORDS) == set()
    assert where_files_are(written, files) == set()


# That the searches can fail

PART = FILES["tsubaki-san.cer"][101 : 101 + PIECE + 7]
FORMS = {
    "as it is": PART.decode("latin-1").replace("\0", " "),
    "base64": base64.b64encode(PART).decode(),
    "base64 for addresses": base64.urlsafe_b64encode(PART).decode(),
    "base64 of more": base64.b64encode(b"a" + FILES["tsubaki-san.cer"]).decode(),
    "within base64": "data:;base64," + base64.b64encode(b"ab" + PART).decode(),
    "hex": PART.hex(),
    "hex in capitals": "serial 0" + PART.hex().upper(),
    "as Python shows it": repr(PART),
    "as JSON": '{"a": "' + "".join(f"\\u{byte:04x}" for byte in PART) + '"}',
    "lines of PEM": FILES["tsubaki-san.pem"].decode().splitlines()[3],
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_piece_of_a_file_would_be_found_in_the_database(form: str) -> None:
    database = new_database()
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO unmatched (at, language, text, decision) VALUES (now(), 'ja', %s, 'none')", [form]
        )
        connection.execute("CREATE SCHEMA other CREATE TABLE notes (body jsonb)")
        connection.execute("INSERT INTO other.notes VALUES (to_jsonb(%s::text))", [f"…{form}…"])
    found = where_files_are(kept(database), with_bodies(FILES))
    assert {place for place, _, _ in found} == {"public.unmatched", "other.notes"}


def test_bytes_would_be_found_wherever_they_are_kept() -> None:
    database = new_database()
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE blobs (body bytea, more bytea[])")
        connection.execute("INSERT INTO blobs VALUES (%s, NULL), (NULL, ARRAY[%s])", [PART, PART])
        connection.execute("SELECT lo_from_bytea(0, %s)", [PART])
    found = where_files_are(kept(database), with_bodies(FILES))
    assert {place for place, _, _ in found} == {"public.blobs", "large objects"}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_piece_of_a_file_and_a_word_would_be_found_in_a_log(form: str) -> None:
    with in_both_styles() as captured:
        text = f"{form} / もみじの手紙"
        leak = logging.LogRecord("bot", logging.INFO, __file__, 1, "%s", (text,), None)
        logging.getLogger().handle(leak)
    written = told(captured)
    assert where_files_are(written, with_bodies(FILES))
    assert ("log", "もみじの手紙") in where_words_are(written, WORDS)
