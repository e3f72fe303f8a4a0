"""Dialogs and Home tabs: opened, replaced, put on top of each other, published."""

import secrets

from bot.workspace import payloads
from bot.workspace.board import Board
from bot.workspace.state import as_shown
from bot.workspace.wire import Json


def _view_id() -> str:
    return f"V{secrets.token_hex(5).upper()}"


def open_view(board: Board, user: str, content: Json) -> Json:
    """Opens a dialog."""
    view = payloads.view_object(_view_id(), content, board.state.ts()) | {"_user": user}
    board.state.views[view["id"]] = view
    board.feed.tell([user], {"type": "view_opened", "view": as_shown(view)})
    return as_shown(view)


def replace_view(board: Board, view: Json, content: Json) -> Json:
    """Puts another content into an open dialog."""
    kept = {name: view[name] for name in ("_user", "root_view_id", "previous_view_id")}
    changed = payloads.view_object(view["id"], content, board.state.ts()) | kept
    board.state.views[view["id"]] = changed
    return as_shown(changed)


def push_view(board: Board, view: Json, content: Json) -> Json:
    """Puts a dialog on top of an open one."""
    kept = {"_user": view["_user"], "root_view_id": view["root_view_id"], "previous_view_id": view["id"]}
    above = payloads.view_object(_view_id(), content, board.state.ts()) | kept
    board.state.views[above["id"]] = above
    return as_shown(above)


def publish(board: Board, user: str, content: Json) -> Json:
    """Shows the user's Home tab."""
    kept = board.state.homes.get(user)
    view = payloads.view_object(kept["id"] if kept else _view_id(), content, board.state.ts())
    board.state.homes[user] = view
    board.feed.tell([user], {"type": "home", "view": view})
    board.save_soon()
    return view
