"""The connections to the database, and how what they write is made fit for it."""

import json
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine

from bot.accepted import storable


def connect_to(address: str, *, idle_at_most: float | None = None) -> Engine:
    """A pool of connections to the database at this address (libpq's form); opened when first used.

    A transaction in which nothing is asked for `idle_at_most` seconds is ended by the server: who hangs, or
    whose machine is gone, keeps no row from the others.
    """

    def connect() -> psycopg.Connection[Any]:
        connection = psycopg.connect(address)
        if idle_at_most is not None:
            limit = f"SET idle_in_transaction_session_timeout = '{idle_at_most * 1000:.0f}ms'"
            connection.execute(limit.encode())
            connection.commit()
        return connection

    return create_engine(
        "postgresql+psycopg://",
        creator=connect,
        pool_size=8,
        max_overflow=24,
        json_serializer=_json,
    )


def _json(value: object) -> str:
    text = json.dumps(value)
    if "\\u0000" in text or "\\ud" in text:
        text = json.dumps(_clean(value))
    return text


def _clean(value: object) -> object:
    match value:
        case str():
            return storable(value)
        case dict():
            return {_clean(name): _clean(item) for name, item in value.items()}
        case list() | tuple():
            return [_clean(item) for item in value]
        case _:
            return value
