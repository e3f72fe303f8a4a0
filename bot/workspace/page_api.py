"""What the page asks of the workspace: who sees what, and what people do there."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote, urlencode

from aiohttp import web

from bot.workspace.clock import read
from bot.workspace.interactions import chosen_of
from bot.workspace.people import Person
from bot.workspace.refusal import Refused
from bot.workspace.seen import seen_by
from bot.workspace.wire import Json, compact
from bot.workspace.workspace import Workspace

PAGE = Path(__file__).with_name("page")
HEARTBEAT_SECONDS = 15
UPLOAD_AT_MOST = 50 * 1024 * 1024
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
COMMAND = re.compile(r"(?P<name>/[^\s/]+)(?:\s+(?P<rest>.*))?$", re.DOTALL)
"""As Slack, which sends nobody a message that begins so; a path has a second slash."""
SHOWN_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


class PageApi:
    """The page's files, and its questions under /local."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def routes(self) -> list[web.RouteDef]:
        """Where each is answered."""
        return [
            web.get("/", self.file),
            web.get("/archives/{channel}/{message}", self.permalink),
            web.get("/page/{name:.+}", self.file),
            web.get("/local/state", self.state),
            web.get("/local/events", self.events),
            web.get("/local/file/{id}", self.shared_file),
            web.get("/local/samples/{name}", self.sample),
            web.post("/local/message", self.message),
            web.post("/local/action", self.refusing(self.action)),
            web.post("/local/open", self.refusing(self.open)),
            web.post("/local/shortcut", self.refusing(self.shortcut)),
            web.post("/local/submit", self.refusing(self.submit)),
            web.post("/local/close", self.refusing(self.close)),
            web.post("/local/clock", self.refusing(self.clock)),
            web.post("/local/delete", self.refusing(self.delete)),
            web.get("/{name}", self.file),
        ]

    # The page itself

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A file of the page."""
        path = (PAGE / request.match_info.get("name", "index.html")).resolve()
        kind = TYPES.get(path.suffix)
        if kind is None or not path.is_relative_to(PAGE) or not path.is_file():
            raise web.HTTPNotFound(text="404")
        return web.Response(body=path.read_bytes(), headers={"Content-Type": kind})

    async def permalink(self, request: web.Request) -> web.StreamResponse:
        """The page, at the message that `chat.getPermalink` named."""
        channel, message = request.match_info["channel"], request.match_info["message"]
        ts = f"{message[1:-6]}.{message[-6:]}"
        thread = request.query.get("thread_ts", ts)
        place = {"channel": channel, "thread": thread}
        there = [person.id for person in self.workspace.people_in(channel)]
        if len(there) == 1:  # nobody else could read it
            place["user"] = there[0]
        return web.Response(status=302, headers={"Location": f"/?{urlencode(place)}"})

    # What people see

    def _user(self, request: web.Request) -> Person:
        """Who is named; else who follows a link to a channel, if they may read it, or else who first may."""
        query = request.query
        if user := query.get("user"):
            return self.workspace.person(user)
        readers = [person.id for person in self.workspace.people_in(query.get("channel", ""))]
        readers = readers or list(self.workspace.people)
        follower = query.get("follower")
        return self.workspace.person(follower if follower in readers else readers[0])

    async def state(self, request: web.Request) -> web.Response:
        """All that a person sees."""
        try:
            person = self._user(request)
        except Refused as refusal:
            return _refused(refusal, 404)
        return web.json_response(seen_by(self.workspace, person), dumps=compact)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: what changes from now on, for one person."""
        try:
            person = self._user(request)
        except Refused as refusal:
            return _refused(refusal, 404)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        feed = self.workspace.feed
        queue = feed.subscribe(person.id)
        try:
            await response.prepare(request)
            await response.write(b": connected\n\n")
            quiet = 0
            while request.transport is not None and not request.transport.is_closing():
                try:
                    async with asyncio.timeout(1):
                        event = await queue.get()
                except TimeoutError:
                    quiet += 1
                    if quiet % HEARTBEAT_SECONDS == 0:
                        await response.write(b": still here\n\n")
                    continue
                if event is None:
                    break
                await response.write(f"data: {compact(event)}\n\n".encode())
        except ConnectionError:
            pass  # the page was closed
        finally:
            if feed.unsubscribe(person.id, queue):
                self.workspace.left(person.id)
        return response

    async def shared_file(self, request: web.Request) -> web.Response:
        """A file of a message that the person sees."""
        board = self.workspace
        try:
            person = self._user(request)
            file = board.state.files.get(request.match_info["id"])
            if file is None:
                raise Refused("file_not_found")
            board.channel(file.channel, person.id)
            content = board.state.content(file)
            if content is None:
                raise Refused("file_not_found")
        except Refused:
            return _refused(Refused("file_not_found"), 404)
        picture = file.mimetype in SHOWN_PICTURES
        return _bytes(content, file.name, file.mimetype if picture else "application/octet-stream", picture)

    async def sample(self, request: web.Request) -> web.Response:
        """A file to try."""
        sample = self.workspace.samples.get(request.match_info["name"])
        if sample is None:
            return _refused(Refused("file_not_found"), 404)
        return _bytes(sample[1], sample[0], "application/octet-stream", inline=False)

    # What people do

    async def message(self, request: web.Request) -> web.Response:
        """Somebody sends a message, with files; a command if it begins with one that the app has."""
        form = await request.post()
        fields = {name: value.replace("\r\n", "\n") for name, value in form.items() if isinstance(value, str)}
        shared = [value for value in form.values() if isinstance(value, web.FileField)]
        files = [(field.filename.rpartition("/")[2] or "file", field.file.read()) for field in shared]
        user, channel = fields.get("user", ""), fields.get("channel", "")
        text, thread_ts = fields.get("text", ""), fields.get("thread_ts") or None
        try:
            if (command := COMMAND.match(text)) and not files:
                if thread_ts is not None:
                    raise Refused("command_in_thread")
                if not self.workspace.app.has_command(command["name"]):
                    raise Refused("unknown_command")
                taken = await self.workspace.command(user, channel, command["name"], command["rest"] or "")
                if not taken:
                    raise Refused("delivery_failed")
                return web.json_response({"ok": True, "ts": None})
            ts = await self.workspace.say(user, channel, text, files, thread_ts)
        except Refused as refusal:
            return _refused(refusal)
        return web.json_response({"ok": True, "ts": ts})

    def refusing(
        self, do: Callable[[Json], Awaitable[Json]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Answers a JSON body with what `do` gives, or with its refusal."""

        async def answer(request: web.Request) -> web.Response:
            try:
                body = json.loads(await request.read())
            except ValueError:
                return _refused(Refused("invalid_json"), 400)
            if request.content_type != "application/json" or not isinstance(body, dict):
                return _refused(Refused("invalid_json"), 400)
            try:
                return web.json_response({"ok": True, **await do(body)})
            except Refused as refusal:
                return _refused(refusal)

        return answer

    async def action(self, body: Json) -> Json:
        """Somebody presses a button or chooses from a menu."""
        user, block_id, action_id = _texts(body, "user", "block_id", "action_id")
        chosen = chosen_of(body)
        if body.get("view_id"):
            view_id, values = str(body["view_id"]), body.get("values")
            taken = await self.workspace.use_in_view(user, view_id, block_id, action_id, chosen, values)
        else:
            channel, ts = _texts(body, "channel", "ts")
            taken = await self.workspace.click(
                user, channel, ts, action_id, chosen, block_id=block_id, values=body.get("values")
            )
        if not taken:
            raise Refused("delivery_failed")
        return {}

    async def shortcut(self, body: Json) -> Json:
        """Somebody uses a shortcut: one of a message, or a global one."""
        user, callback_id = _texts(body, "user", "callback_id")
        channel, ts = _texts(body, "channel", "ts") if "ts" in body else ("", "")
        if not self.workspace.app.has_shortcut(callback_id, "message" if ts else "global"):
            raise Refused("shortcut_not_found")
        if not await self.workspace.shortcut(user, callback_id, channel, ts):
            raise Refused("delivery_failed")
        return {}

    async def open(self, body: Json) -> Json:
        """Somebody looks at a conversation."""
        user, channel = _texts(body, "user", "channel")
        await self.workspace.open(user, channel, "home" if body.get("tab") == "home" else "messages")
        return {}

    async def submit(self, body: Json) -> Json:
        """Somebody submits a dialog; the answer says what becomes of it."""
        user, view_id = _texts(body, "user", "view_id")
        return await self.workspace.submit(user, view_id, body.get("values"))

    async def close(self, body: Json) -> Json:
        """Somebody closes a dialog."""
        await self.workspace.close_view(*_texts(body, "user", "view_id"))
        return {}

    async def clock(self, body: Json) -> Json:
        """Somebody moves the workspace's clock forward; a time without a zone is in theirs."""
        user, to = _texts(body, "user", "to")
        self.workspace.move_clock(read(to, self.workspace.person(user).tz))
        return self.workspace.told_time()

    async def delete(self, body: Json) -> Json:
        """Somebody deletes a message of theirs."""
        await self.workspace.erase(*_texts(body, "user", "channel", "ts"))
        return {}


def _texts(body: Json, *names: str) -> list[str]:
    for name in names:
        if not isinstance(body.get(name), str):
            raise Refused("invalid_arguments", [f"missing required field: {name}"])
    return [body[name] for name in names]


def _refused(refusal: Refused, status: int = 200) -> web.Response:
    return web.json_response({"ok": False, "error": refusal.error}, status=status)


def _bytes(content: bytes, name: str, kind: str, inline: bool) -> web.Response:
    disposition = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name)}"
    headers = {"Content-Type": kind, "Content-Disposition": disposition, "Content-Security-Policy": "sandbox"}
    return web.Response(body=content, headers=headers)
