"""A small Slack, and what people do in it."""

import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.workspace import clock, dialogs, interactions, payloads, presses
from bot.workspace.board import Board
from bot.workspace.deliver import Kind, NotDelivered
from bot.workspace.interactions import Chosen
from bot.workspace.limits import TEXT_AT_MOST, view_problems
from bot.workspace.people import BOT_USER
from bot.workspace.refusal import Refused
from bot.workspace.state import File, as_shown, guessed_type
from bot.workspace.typed import Typed, as_sent
from bot.workspace.wire import Json


class Workspace(Board):
    """People, channels, messages and files of a small Slack, and the app that is installed in it."""

    def now(self) -> datetime:
        """The workspace's own date and time, in UTC."""
        return datetime.fromtimestamp(self.state.time(), UTC)

    def move_clock(self, to: datetime) -> None:
        """Moves the workspace's own time forward; it is kept at once. Raises Refused, ValueError."""
        self.state.ahead = clock.moved(to, self.state.clock(), self.state.ahead)
        self.state.save()
        self.feed.tell(self.people, {"type": "clock", **self.told_time()})

    async def say(
        self,
        user: str,
        channel: str,
        text: str = "",
        files: Sequence[tuple[str, bytes]] = (),
        thread_ts: str | None = None,
    ) -> str:
        """Somebody sends what they typed, with files; gives the message's ts. Raises Refused."""
        person = self.person(user)
        place = self.channel(channel, user)
        if not text.strip() and not files:
            raise Refused("no_text")
        if len(text) > TEXT_AT_MOST:
            raise Refused("msg_too_long")
        if thread_ts is not None and self.state.find(channel, thread_ts) is None:
            raise Refused("thread_not_found")
        typed = as_sent(text, self.names)
        shared = [self._share(name, content, user, channel) for name, content in files]
        message = payloads.typed_message(person, typed.text, place) | {"client_msg_id": str(uuid.uuid4())}
        message |= {"blocks": _rich_text(typed)} if text else {}
        message |= {"thread_ts": thread_ts} if thread_ts is not None else {}
        if shared:
            files_shown = [payloads.file_object(file, self.address, person.team) for file in shared]
            message |= {"subtype": "file_share", "files": files_shown, "upload": False}
        message = self.add(place, message)
        for file in shared:
            self.send_event(payloads.file_shared_event(file, place, message["ts"]))
        if place.kind != "im" and f"<@{BOT_USER}>" in typed.text:
            self.send_event(payloads.mention_event(message, place))
        return str(message["ts"])

    async def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """Somebody changes what they wrote."""
        message = self._own(user, channel, ts)
        edited = {"user": user, "ts": self.state.ts()}
        typed = as_sent(text, self.names)
        changes = {"text": typed.text, "blocks": _rich_text(typed), "edited": edited}
        self.change(self.channels[channel], message, **changes)

    async def erase(self, user: str, channel: str, ts: str) -> None:
        """Somebody deletes a message of theirs, and its files with it."""
        self.remove(self.channels[channel], self._own(user, channel, ts))

    async def open(self, user: str, channel: str, tab: str = "messages") -> None:
        """Somebody looks at a conversation; the app hears of its own ones, once per visit."""
        place = self.channel(channel, self.person(user).id)
        if self.visits.get(user) == (channel, tab):
            return
        self.visits[user] = (channel, tab)
        if place.kind == "im":
            view = self.state.homes.get(user)
            self.send_event(payloads.home_opened_event(user, place, tab, view, self.state.ts()))

    def left(self, user: str) -> None:
        """Somebody closed their last page: the next look is a new visit."""
        self.visits.pop(user, None)
        self.feed.changed()

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: Chosen = None,
        *,
        block_id: str | None = None,
        as_seen: Json | None = None,
        values: object = None,
    ) -> bool:
        """Somebody presses a button or chooses from a menu; true if the app took it.

        `as_seen` is the message as that person's screen still shows it, `values` what its other elements
        hold there. Raises Refused if it has no such element.
        """
        place = self.channel(channel, user)
        message = as_seen or self.state.seen(channel, ts, user)
        if message is None:
            raise Refused("message_not_found")
        found = interactions.find(message.get("blocks", []), action_id, block_id, value)
        if found is None:
            raise Refused("action_not_found")
        ephemeral = "_for" in message
        url = self.response_url(user, channel, ts)
        where = presses.on_message(as_shown(message), place, url, ephemeral=ephemeral)
        payload = self._interaction("block_actions", user) | where
        block, element = found
        given = interactions.filled_in(values)
        given.setdefault(block["block_id"], {})[element["action_id"]] = value
        payload["state"] = interactions.state_of(message["blocks"], given)
        payload["actions"] = [interactions.action(block, element, value, self.state.ts())]
        return await self._delivered("interactive", payload, user, channel, ts) is not None

    async def use_in_view(
        self, user: str, view_id: str, block_id: str, action_id: str, value: Chosen, values: object = None
    ) -> bool:
        """Somebody uses an element of a dialog or of the Home tab; true if the app took it.

        `values` is what all its elements hold.
        """
        view = self.view(user, view_id)
        found = interactions.find(view["blocks"], action_id, block_id, value)
        if found is None:
            raise Refused("action_not_found")
        given = interactions.filled_in(values)
        given.setdefault(block_id, {})[action_id] = value
        view["state"] = interactions.state_of(view["blocks"], given)
        payload = self._interaction("block_actions", user)
        payload |= {"container": {"type": "view", "view_id": view_id}, "view": as_shown(view)}
        payload["actions"] = [interactions.action(*found, value, self.state.ts())]
        return await self._delivered("interactive", payload, user) is not None

    async def submit(self, user: str, view_id: str, values: object) -> Json:
        """Somebody submits a dialog; gives Slack's `response_action` and what belongs to it, or nothing.

        `values` is what was filled in, by block_id and action_id. Raises Refused(delivery_failed) if the app
        did not take it in time.
        """
        view = self.view(user, view_id)
        view["state"] = interactions.state_of(view["blocks"], interactions.filled_in(values))
        if wrong := interactions.missing(view["blocks"], view["state"]):
            japanese = self.person(user).locale.startswith("ja")
            text = "入力してください。" if japanese else "Please fill this in."
            return {"response_action": "errors", "errors": dict.fromkeys(wrong, text)}
        payload = self._interaction("view_submission", user) | {"view": as_shown(view), "response_urls": []}
        answer = await self._delivered("interactive", payload, user)
        if answer is None:
            raise Refused("delivery_failed")
        action = answer.get("response_action")
        if action in ("update", "push") and (faults := view_problems(answer.get("view"))):
            raise Refused("invalid_arguments", faults)
        match action:
            case "errors":
                return {"response_action": "errors", "errors": answer.get("errors", {})}
            case "update":
                return {"response_action": action, "view": dialogs.replace_view(self, view, answer["view"])}
            case "push":
                return {"response_action": action, "view": dialogs.push_view(self, view, answer["view"])}
            case "clear":
                for open_view in self.views_of(user):
                    del self.state.views[open_view["id"]]
                return {"response_action": action}
            case _:
                del self.state.views[view_id]
                return {}

    async def close_view(self, user: str, view_id: str) -> None:
        """Somebody closes a dialog without submitting it."""
        view = self.view(user, view_id)
        self.state.views.pop(view_id, None)
        if view["notify_on_close"]:
            payload = self._interaction("view_closed", user) | {"view": as_shown(view), "is_cleared": False}
            await self._delivered("interactive", payload, user)

    async def shortcut(self, user: str, callback_id: str, channel: str = "", ts: str = "") -> bool:
        """Somebody uses a shortcut; with a message, it is one of that message. Raises Refused.

        Another company's people have no shortcuts and no commands of this app.
        """
        if self.person(user).is_external:
            raise Refused("app_not_installed")
        if not ts:
            payload = self._interaction("shortcut", user) | {
                "callback_id": callback_id,
                "action_ts": self.state.ts(),
            }
            return await self._delivered("interactive", payload, user) is not None
        message = self.state.find(channel, ts)
        if message is None:
            raise Refused("message_not_found")
        url = self.response_url(user, channel, ts)
        payload = self._interaction("message_action", user)
        payload |= presses.of_place(self.channel(channel, user), url) | {"message": as_shown(message)}
        payload |= {"callback_id": callback_id, "action_ts": self.state.ts(), "message_ts": ts}
        return await self._delivered("interactive", payload, user, channel) is not None

    async def command(self, user: str, channel: str, command: str, text: str = "") -> bool:
        """Somebody types a slash command; what the app answers at once only they see. Raises Refused."""
        place = self.channel(channel, user)
        if self.person(user).is_external:
            raise Refused("app_not_installed")
        url = self.response_url(user, channel)
        trigger = self.grants.trigger(user)
        payload = presses.command(self.person(user), place, command, text, trigger, url)
        answer = await self._delivered("slash_commands", payload, user, channel)
        if answer and (answer.get("text") or answer.get("blocks")):
            shown: Json = {name: answer[name] for name in ("text", "blocks") if name in answer}
            self.add(place, self.by_bot(shown), only_for=user)
        return answer is not None

    # How

    def _own(self, user: str, channel: str, ts: str) -> Json:
        message = self.state.messages.get(self.channel(channel, user).id, {}).get(ts)
        if message is None or message["user"] != user:
            raise Refused("message_not_found")
        return message

    def _share(self, name: str, content: bytes, user: str, channel: str) -> File:
        return self.state.add_file(name, content, guessed_type(name), user, channel)

    def _interaction(self, kind: str, user: str) -> Json:
        return presses.interaction(kind, self.person(user), self.grants.trigger(user))

    async def _delivered(
        self, kind: Kind, payload: Json, user: str, channel: str = "", ts: str = ""
    ) -> Json | None:
        """The app's answer, or None if it gave none in time: the page says so, for it is not sent again."""
        try:
            answer = await self.courier.interaction(kind, payload)
        except NotDelivered:
            self.tell_delivery(user, channel, ts, "failed")
            return None
        self.tell_delivery(user, channel, ts, "resolved")
        return answer


def _rich_text(typed: Typed) -> list[Json]:
    section = {"type": "rich_text_section", "elements": typed.elements}
    return [{"type": "rich_text", "block_id": secrets.token_urlsafe(4), "elements": [section]}]
