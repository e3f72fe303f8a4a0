"""The Web API's methods for dialogs and the Home tab."""

from bot.workspace import dialogs
from bot.workspace.board import Board
from bot.workspace.calls import Arguments
from bot.workspace.limits import view_problems
from bot.workspace.refusal import Refused
from bot.workspace.wire import Json, compact

VIEW_BYTES_AT_MOST = 250_000
STACK_AT_MOST = 3


def _content(given: Arguments, kind: str) -> Json:
    view = given.structure("view", "invalid_arguments")
    if view is None:
        raise Refused("invalid_arguments", ["missing required field: view"])
    if faults := view_problems(view):
        raise Refused("invalid_arguments", faults)
    if len(compact(view)) > VIEW_BYTES_AT_MOST:
        raise Refused("view_too_large")
    if view["type"] != kind:
        raise Refused("invalid_arguments", [f"unsupported type: {view['type']} [json-pointer:/view/type]"])
    return dict(view)


def _unchanged(view: Json, given: Arguments) -> None:
    known = given.text("hash")
    if known is not None and known != view["hash"]:
        raise Refused("hash_conflict")


def open_view(board: Board, given: Arguments) -> Json:
    """views.open"""
    content = _content(given, "modal")
    user = board.grants.use_trigger(given.text("trigger_id"))
    _check_external_id(board, content)
    return {"view": dialogs.open_view(board, user, content)}


def _check_external_id(board: Board, content: Json) -> None:
    external_id = content.get("external_id")
    if external_id and any(view["external_id"] == external_id for view in board.state.views.values()):
        raise Refused("duplicate_external_id")


def push_view(board: Board, given: Arguments) -> Json:
    """views.push: on top of the dialog in which something was pressed; at most three lie on each other."""
    content = _content(given, "modal")
    user = board.grants.use_trigger(given.text("trigger_id"))
    _check_external_id(board, content)
    stack = board.views_of(user)
    if not stack:
        raise Refused("not_found")
    if len(stack) >= STACK_AT_MOST:
        raise Refused("push_limit_reached")
    view = dialogs.push_view(board, board.view(user, stack[-1]["id"]), content)
    board.feed.tell([user], {"type": "view_opened", "view": view})
    return {"view": view}


def update_view(board: Board, given: Arguments) -> Json:
    """views.update, by view_id or external_id"""
    view_id, external_id = given.text("view_id"), given.text("external_id")
    if not view_id and not external_id:
        raise Refused("invalid_arguments", ["missing required field: view_id"])
    found = [
        view
        for view in board.state.views.values()
        if (view["id"] == view_id if view_id else view["external_id"] == external_id)
    ]
    if not found:
        raise Refused("not_found")
    content = _content(given, "modal")
    _unchanged(found[0], given)
    view = dialogs.replace_view(board, found[0], content)
    board.feed.tell([found[0]["_user"]], {"type": "view_opened", "view": view})
    return {"view": view}


def publish_view(board: Board, given: Arguments) -> Json:
    """views.publish"""
    if not board.app.home:
        raise Refused("not_enabled")
    person = board.person(given.required("user_id"))
    content = _content(given, "home")
    if (kept := board.state.homes.get(person.id)) is not None:
        _unchanged(kept, given)
    return {"view": dialogs.publish(board, person.id, content)}
