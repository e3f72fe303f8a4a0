"""Looks for words and for pieces of files in everything that a database holds, and in any text.

A text is read in every way in which bytes get into one: as it is, with its escapes undone, and each run of
base64 or hex digits in it decoded, wherever that began.
"""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping

import psycopg
from psycopg import sql

PIECE = 24
"""Bytes of a file that are enough to know it again."""

# Fewer different bytes than this are padding, which every file has.
VARIED = 8

TABLES = """
    SELECT table_schema, table_name, array_agg(column_name::text), array_agg(data_type::text)
    FROM information_schema.tables JOIN information_schema.columns USING (table_schema, table_name)
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
    GROUP BY table_schema, table_name
"""

# What ANALYZE has copied out of the tables.
SAMPLES = """
    SELECT concat_ws(' ', most_common_vals::text, histogram_bounds::text, most_common_elems::text)
    FROM pg_stats WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""


def kept(address: str) -> dict[str, list[bytes]]:
    """All that the tables of the database at this address hold, of every schema, in every way of reading it;
    by the table's name. Large objects, which are in none, are there too, and what the planner has sampled."""
    found: dict[str, list[bytes]] = {}
    with psycopg.connect(address, autocommit=True) as connection:
        for schema, table, columns, types in connection.execute(TABLES).fetchall():
            texts, raw = [], []
            for column, kind in zip(columns, types, strict=True):
                name = sql.Identifier(column)
                query = sql.SQL("SELECT {}::text FROM {}").format(name, sql.Identifier(schema, table))
                texts += [text for (text,) in connection.execute(query) if text is not None]
                if kind == "bytea":
                    query = sql.SQL("SELECT {} FROM {}").format(name, sql.Identifier(schema, table))
                    raw += [bytes(value) for (value,) in connection.execute(query) if value is not None]
            found[f"{schema}.{table}"] = raw + [way for text in texts for way in readings(text)]
        samples = connection.execute(SAMPLES).fetchall()
        found["statistics"] = [way for (text,) in samples for way in readings(text)]
        objects = connection.execute("SELECT lo_get(oid) FROM pg_largeobject_metadata").fetchall()
        found["large objects"] = [bytes(value) for (value,) in objects]
    return found


def where_words_are(among: Mapping[str, Iterable[bytes]], words: Iterable[str]) -> set[tuple[str, str]]:
    """Which of the words stands where."""
    sought = [(word, word.encode()) for word in words]
    return {
        (place, word)
        for place, texts in among.items()
        for text in texts
        for word, encoded in sought
        if encoded in text
    }


def where_files_are(
    among: Mapping[str, Iterable[bytes]], files: Mapping[str, bytes]
) -> set[tuple[str, str, bytes]]:
    """Of which of the files any piece stands where, and one such piece."""
    pieces: dict[bytes, str] = {}
    for name, data in files.items():
        pieces |= {piece: name for piece in _pieces(data) if len(set(piece)) >= VARIED}
    found: dict[tuple[str, str], bytes] = {}
    for place, texts in among.items():
        for text in texts:
            for piece in _pieces(text):
                if piece in pieces:
                    found[place, pieces[piece]] = piece
    return {(place, name, piece) for (place, name), piece in found.items()}


def _pieces(data: bytes) -> Iterator[bytes]:
    return (data[start : start + PIECE] for start in range(len(data) - PIECE + 1))


def readings(text: str) -> Iterator[bytes]:
    """The bytes that a text may stand for, the text's own first."""
    yield text.encode()
    yield text.encode("latin-1", "replace")
    if "\\" in text:
        yield _unescaped(text)
    for run in re.findall(r"[A-Za-z0-9+/_-]{12,}", text):
        standard = run.replace("-", "+").replace("_", "/")
        for start in range(4):
            whole = (len(standard) - start) // 4 * 4
            yield base64.b64decode(standard[start : start + whole])
    for run in re.findall(r"[0-9A-Fa-f]{12,}", text):
        for start in range(2):
            whole = (len(run) - start) // 2 * 2
            yield bytes.fromhex(run[start : start + whole])


_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{3})|(.))", re.DOTALL)
_SINGLE = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "0": "\0"}


def _unescaped(text: str) -> bytes:
    """As JSON, Python or PostgreSQL would read it: once, for texts within texts twice."""

    def meant(escape: re.Match[str]) -> str:
        if digits := escape[1] or escape[2]:
            return chr(int(digits, 16))
        if escape[3]:
            return chr(int(escape[3], 8))
        return _SINGLE.get(escape[4], escape[4])

    once = _ESCAPED.sub(meant, text)
    twice = _ESCAPED.sub(meant, once)
    every_byte = all(ord(character) < 256 for character in twice)
    return twice.encode("latin-1") if every_byte else _as_utf_8(once) + b"\n" + _as_utf_8(twice)


def _as_utf_8(text: str) -> bytes:
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return paired.encode() + b"\n" + paired.encode("latin-1", "replace")
