"""What everybody in the workspace sees, and the news of it: to the pages that are open and to the app."""

from typing import Any

from bot.workspace import payloads
from bot.workspace.ground import Ground
from bot.workspace.interactions import with_ids
from bot.workspace.people import BOT_USER, Channel
from bot.workspace.refusal import Refused
from bot.workspace.state import as_shown, is_tombstone
from bot.workspace.threads import with_root
from bot.workspace.wire import Json


class Board(Ground):
    """Messages and dialogs of a small Slack, and what becomes of them."""

    # Messages

    def by_bot(self, content: Json) -> Json:
        """A message of the bot with this content, not yet posted."""
        message = payloads.bot_message(content)
        return message | ({"blocks": with_ids(message["blocks"])} if message.get("blocks") else {})

    def add(self, place: Channel, message: Json, *, only_for: str | None = None) -> Json:
        """Posts a message; with `only_for`, as an ephemeral one that only this person sees."""
        message["ts"] = self.state.ts()
        if only_for is not None:
            self.state.ephemerals.setdefault(place.id, {})[message["ts"]] = message | {"_for": only_for}
            shown = message | {"ephemeral": True}
            self.feed.tell([only_for], {"type": "message", "channel": place.id, "message": shown})
            return message
        self.state.messages.setdefault(place.id, {})[message["ts"]] = message
        self._news(place, "message", message)
        if message["user"] == BOT_USER:  # what it was doing is done
            self.set_status(place, str(message.get("thread_ts", message["ts"])), "")
        told = with_root(self.state, place.id, message)
        self.send_event(payloads.message_event(told, place), message)
        return message

    def change(self, place: Channel, message: Json, **changes: Any) -> Json:
        """Replaces parts of a message."""
        before = dict(message)
        message.update(changes)
        if "_for" in message:
            changed = {"type": "message_changed", "channel": place.id, "message": as_shown(message)}
            self.feed.tell([message["_for"]], changed)
            return message
        self._news(place, "message_changed", message)
        self.send_event(payloads.changed_event(dict(message), before, place, self.state.ts()))
        return message

    def remove(self, place: Channel, message: Json) -> None:
        """Deletes a message and its files; where replies stand under it, a tombstone stays."""
        ts = message["ts"]
        gone = {"type": "message_deleted", "channel": place.id, "ts": ts, "message": as_shown(message)}
        if "_for" in message:
            del self.state.ephemerals[place.id][ts]
            self.feed.tell([message["_for"]], gone)
            return
        for file in message.get("files", ()):
            self.state.remove_file(file["id"])
        if len(self.state.thread(place.id, ts)) > 1:
            stone = {
                "type": "message",
                "subtype": "tombstone",
                "user": message["user"],
                "ts": ts,
                "thread_ts": ts,
            }
            self.state.messages[place.id][ts] = stone | {"text": "This message was deleted.", "hidden": True}
            self._news(place, "message_changed", self.state.messages[place.id][ts])
        else:
            del self.state.messages[place.id][ts]
            self.feed.tell(place.members, gone)
            self._bury(place, message)
            self.save_soon()
        self.send_event(payloads.deleted_event(message, place, self.state.ts()))

    def _bury(self, place: Channel, reply: Json) -> None:
        """Takes the tombstone away under which the last reply stood."""
        root = self.state.find(place.id, reply.get("thread_ts", ""))
        if root is not None and is_tombstone(root) and len(self.state.thread(place.id, root["ts"])) == 1:
            del self.state.messages[place.id][root["ts"]]
            gone = {"type": "message_deleted", "channel": place.id, "ts": root["ts"], "message": root}
            self.feed.tell(place.members, gone)

    def set_status(self, place: Channel, thread_ts: str, status: str) -> None:
        """Shows what the bot is doing in a thread; nothing once it is done."""
        if status:
            self.statuses[place.id, thread_ts] = status
        elif not self.statuses.pop((place.id, thread_ts), ""):
            return
        event = {"type": "status", "channel": place.id, "thread_ts": thread_ts, "status": status}
        self.feed.tell(place.members, event)

    def set_prompts(
        self, place: Channel, thread_ts: str | None, title: str | None, prompts: list[Json]
    ) -> None:
        """Offers messages to send with one press."""
        shown = {"channel": place.id, "thread_ts": thread_ts, "title": title, "prompts": prompts}
        self.prompts[place.id, thread_ts or ""] = shown
        self.feed.tell(place.members, {"type": "prompts", **shown})

    def react(self, place: Channel, message: Json, name: str) -> None:
        """The bot puts an emoji under a message."""
        kept = {reaction["name"]: reaction["users"] for reaction in message.get("reactions", ())}
        kept[name] = [*kept.get(name, ()), BOT_USER]
        message["reactions"] = [{"name": n, "users": users, "count": len(users)} for n, users in kept.items()]
        self._news(place, "message_changed", message)

    def _news(self, place: Channel, kind: str, message: Json) -> None:
        self.feed.tell(place.members, {"type": kind, "channel": place.id, "message": as_shown(message)})
        self.save_soon()

    # Dialogs and the Home tab

    def view(self, user: str, view_id: str) -> Json:
        """The user's open dialog or Home tab; raises Refused."""
        home = self.state.homes.get(user)
        if home is not None and home["id"] == view_id:
            return home
        view = self.state.views.get(view_id)
        if view is None or view["_user"] != user:
            raise Refused("view_not_found")
        return view

    def views_of(self, user: str) -> list[Json]:
        """The dialogs that this user has open, the lowest first."""
        return [as_shown(view) for view in self.state.views.values() if view["_user"] == user]
