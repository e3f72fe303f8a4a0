"""In which order rows are locked: first the conversations, by their number, then what belongs to them.

Who erases a conversation locks it (bot.store), and the database then locks all that goes with it. Who changes
rows of many conversations, and in the same transaction adds to others of theirs, takes hold of them first:
else each of the two could have what the other waits for.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, Select, select

from bot.tables import conversations


def hold(connection: Connection, numbers: Iterable[int] | Select[tuple[int]]) -> None:
    """None of these conversations is erased until the transaction ends; all else may be done with them."""
    which = conversations.c.number.in_(numbers if isinstance(numbers, Select) else list(numbers))
    held = select(conversations.c.number).where(which).order_by(conversations.c.number)
    connection.execute(held.with_for_update(read=True, key_share=True))
