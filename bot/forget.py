"""Erases at once all that is kept of one person, in all workspaces.

Conversations with their threads, cards and replies, the engine's jobs, the ids of what was worked, the
profile, the certificates that are watched; and, if they work at the helpdesk, their name in the cases of
others. What a running process is working of theirs is waited for: else it would write down afterwards what
was just erased.
"""

import re
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Text,
    and_,
    cast,
    delete,
    func,
    or_,
    select,
    text,
    union_all,
    update,
)

from bot import notices
from bot.engine import DEAD_AFTER
from bot.pool import connect_to
from bot.store import lock_in_order
from bot.tables import conversations, events, incidents, outbox, people, watches

PATIENCE = 120.0
"""Seconds that are waited for what is being worked: a picture is read, Slack is slow."""

LOOK_EVERY = 0.1

# https://docs.slack.dev/reference/objects/user-object: U or W, then capitals and digits
_SHAPE = re.compile(r"[UW][A-Z0-9]{4,}")

NO_ID = (
    "だれのことか分かりません。Slack のメンバー ID（U か W で始まる英大文字と数字、例: U012AB3CD）で"
    "指定してください。Slack でその人のプロフィールを開き、︙ →「メンバー ID をコピー」で分かります。"
    "何も消していません。\n"
    "Whose data? Give the Slack member ID (U or W, then capitals and digits, such as U012AB3CD): in Slack, "
    "open the person's profile, then ︙ and “Copy member ID”. Nothing was erased."
)
STILL_WORKED = (
    "この人の操作がまだ処理中のため、すべては消せませんでした。少し待って、もう一度実行してください。\n"
    "Something of this person's is still being worked, so not all was erased. Wait a little and run it again."
)
WAITING = "処理中の操作が終わるのを待っています… / Waiting until what is being worked has ended…"
NOTHING = "{person} について保存しているものはありません。\nNothing is kept of {person}."
ERASED = (
    "{person} について保存していたものを消しました: 相談 {0} 件、返信の記録 {1} 件、受信の記録 {2} 件、"
    "未処理・失敗の操作 {3} 件、プロフィール {4} 件、期限の見守り {5} 件。\n"
    "Erased of {person}: conversations {0}, records of replies {1}, of events {2}, "
    "jobs that waited or had failed {3}, profiles {4}, certificates watched {5}."
)
NOT_ERASED = """\
ここからは消せないもの:
・Slack にあるメッセージとファイル、ヘルプデスクのチャンネルのカード（Slack で削除してください）
・ほかの人が書いた文に出てくるこの人のこと（その人の相談の一部です）
・表にない文の記録。住所・名前などを伏せ、だれのものかも残していません（{days} 日で消えます）
・終わった相談の統計（日時、行、対処、かかった時間。だれのものかは分からなくなりました。400 日で消えます）
・データベースのバックアップ、WAL、まだ上書きされていない領域
・動いているボットのメモリーにある表示名とメールアドレス（1 分で消えます）
・ログの監査の行（この人のメンバー ID と、いつ何をしたか。消えるまでの期間は、ログの設定によります）
ログには、本文もアドレスも書いていません。
What cannot be erased from here:
- messages and files in Slack, the cards in the helpdesk's channel (delete them in Slack)
- what others wrote about this person (it is part of their conversations)
- messages without a row: redacted, and whose they were is not kept (gone after {days} days)
- figures of cases that ended (when, which row, which remedy, how long): whose they were is gone (400 days)
- the database's backups, its WAL, and space that it has not used again yet
- name and address in the memory of a bot that runs (gone within a minute)
- the log's lines for the audit: this member ID, and what was done when (as long as your log is kept)
Logs hold no texts and no addresses."""


class NotForgotten(Exception):
    """Nothing, or not all, was erased; the text says why and what to do, in both languages."""


@dataclass(frozen=True)
class Forgotten:
    """How many of each were erased."""

    conversations: int
    replies: int
    events: int
    jobs: int
    profiles: int
    watches: int


def person_id(typed: str) -> str:
    """The id that was typed. Raises NotForgotten if it has not the shape of one."""
    if _SHAPE.fullmatch(typed) is None:
        raise NotForgotten(NO_ID)
    return typed


def told(person: str, gone: Forgotten, retention_days: int) -> str:
    """What was erased and what could not be, without a word of its content."""
    if not any(astuple(gone)):
        return NOTHING.format(person=person)
    return "\n".join((ERASED.format(*astuple(gone), person=person), NOT_ERASED.format(days=retention_days)))


def forget(
    address: str,
    person: str,
    *,
    patience: float = PATIENCE,
    waiting: Callable[[], None] = lambda: None,
) -> Forgotten:
    """Erases the person in the database at this address; `waiting` is called once if that has to wait.

    Raises NotForgotten if something of theirs is still being worked after `patience` seconds.
    """
    engine = connect_to(address)
    until = time.monotonic() + patience
    jobs, has_waited = 0, False
    try:
        while True:
            with engine.begin() as connection:
                jobs += _erase_jobs(connection, person)
            if gone := _erased(engine, person):
                return replace(gone, jobs=gone.jobs + jobs)
            if time.monotonic() >= until:
                raise NotForgotten(STILL_WORKED)
            if not has_waited:
                waiting()
                has_waited = True
            time.sleep(LOOK_EVERY)
    finally:
        engine.dispose()


# The engine's jobs: those in the person's turn (their lock ends with the id), and what they did in somebody
# else's. Under way is what a living worker has; what a dead one had would only be worked anew.

_THEIRS = "(split_part(lock, ':', 2) = :person OR args -> 'event' ->> 'person' = :person)"
_UNDER_WAY = f"""
    status = 'doing' AND EXISTS (
        SELECT FROM procrastinate_workers AS worker
        WHERE worker.id = job.worker_id AND last_heartbeat > now() - make_interval(secs => {DEAD_AFTER})
    )
"""
ERASE_JOBS = text(f"DELETE FROM procrastinate_jobs AS job WHERE {_THEIRS} AND NOT ({_UNDER_WAY})")
IS_UNDER_WAY = text(f"SELECT EXISTS (SELECT FROM procrastinate_jobs AS job WHERE {_THEIRS} AND {_UNDER_WAY})")
# Who reads may go on; who would begin, end or bring a job waits for the few milliseconds of this transaction.
HOLD_THE_QUEUE = text("LOCK TABLE procrastinate_jobs IN SHARE ROW EXCLUSIVE MODE")


def _erase_jobs(connection: Connection, person: str) -> int:
    return connection.execute(ERASE_JOBS, {"person": person}).rowcount


def _is_under_way(connection: Connection, person: str) -> bool:
    return bool(connection.execute(IS_UNDER_WAY, {"person": person}).scalar())


# Our own tables


def _erased(engine: Engine, person: str) -> Forgotten | None:
    """What was erased, in one transaction; None, and nothing, while something of theirs is under way."""
    theirs = conversations.c.person == person
    with engine.begin() as connection:
        if _is_under_way(connection, person):
            return None
        # first the conversations, as the road does: whoever holds one may still need the queue
        lock_in_order(connection, or_(theirs, _named(person)))
        connection.execute(HOLD_THE_QUEUE)
        if _is_under_way(connection, person):
            return None
        jobs = _erase_jobs(connection, person)
        # in the order in which what is too old is erased (bot.store)
        by_them = update(incidents).where(incidents.c.closed_by == person)
        connection.execute(by_them.values(closed_by=""))
        notices.forget(connection, person)
        worked = connection.execute(delete(events).where(_of_events(person))).rowcount
        replies = connection.execute(delete(outbox).where(_of_replies(person))).rowcount
        gone = connection.execute(delete(conversations).where(theirs)).rowcount
        _take_out(connection, person)
        profiles = connection.execute(delete(people).where(people.c.person == person)).rowcount
        watched = connection.execute(delete(watches).where(watches.c.person == person)).rowcount
        return Forgotten(gone, replies, worked, jobs, profiles, watched)


# What names somebody of the helpdesk in other people's cases: their id's field, and those beside it.
_NAMES = {"taken_by": ("taken_by", "taken_name"), "by": ("by", "name")}


def _named(person: str) -> ColumnElement[bool]:
    return cast(conversations.c.state, Text).contains(f'"{person}"', autoescape=True)


def _take_out(connection: Connection, person: str) -> None:
    """Of cases of others that this person worked on, their id and name go; the cases stay."""
    pressed = func.split_part(outbox.c.event, ":", 1) == person  # what came of their presses, long since done
    connection.execute(update(outbox).where(pressed).values(event="forgotten"))
    named = _named(person)
    lock_in_order(connection, named)  # those too that came to name them meanwhile
    for row in connection.execute(select(conversations.c.number, conversations.c.state).where(named)).all():
        changed = update(conversations).where(conversations.c.number == row.number)
        connection.execute(changed.values(state=_without(row.state, person)))


def _without(value: Any, person: str) -> Any:
    if isinstance(value, list):
        return [_without(one, person) for one in value]
    if not isinstance(value, dict):
        return value
    gone = {field for id_, fields in _NAMES.items() if value.get(id_) == person for field in fields}
    return {key: "" if key in gone else _without(one, person) for key, one in value.items()}


def _of_replies(person: str) -> ColumnElement[bool]:
    """In their conversations, to them outside of all, and what told somebody else that a button is theirs."""
    numbers = select(conversations.c.number).where(conversations.c.person == person)
    names_them = cast(outbox.c.body, Text).contains(f"<@{person}>", autoescape=True)
    return or_(
        outbox.c.conversation.in_(numbers),
        outbox.c.person == person,
        and_(outbox.c.kind == "whisper", names_them),
    )


def _of_events(person: str) -> ColumnElement[bool]:
    """Ids are `team:channel:ts`, `user:channel:…` or Slack's own, `:inspected:…` behind; see bot.payloads."""
    talks = union_all(
        *(
            select(table.c.channel).where(table.c.person == person, table.c.channel.startswith("D"))
            for table in (conversations, outbox)
        )
    )
    worked = select(outbox.c.event).where(_of_replies(person))
    return or_(
        func.split_part(events.c.id, ":", 1) == person,
        func.split_part(events.c.id, ":", 2).in_(talks),
        func.split_part(events.c.id, ":inspected:", 1).in_(worked),
    )
