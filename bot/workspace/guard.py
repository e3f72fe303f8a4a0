"""Keeps other web sites out: the page acts for people without a password, so only its own pages may ask.

A site that makes its name point to 127.0.0.1 (DNS rebinding) sends its own Host; one that posts across
origins sends its own Origin. Both are refused before anything is read.
"""

import logging
import traceback
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from yarl import URL

logger = logging.getLogger(__name__)

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def _is_here(authority: str, port: int) -> bool:
    try:
        url = URL(f"http://{authority}")
        return url.host in LOOPBACK and url.port == port
    except ValueError:
        return False


def is_foreign(request: web.Request, port: int) -> bool:
    """Whether the request was made by, or through, another site."""
    if not _is_here(request.headers.get("Host", ""), port):
        return True
    origin = request.headers.get("Origin")
    if origin is not None and not (origin.startswith("http://") and _is_here(origin[7:], port)):
        return True
    return request.headers.get("Sec-Fetch-Site") == "cross-site"


def guard(port: Callable[[], int]) -> Middleware:
    """The middleware that refuses foreign requests, and answers a fault of ours without its text."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if is_foreign(request, port()):
            return web.json_response({"ok": False, "error": "foreign_origin"}, status=403)
        try:
            return await handler(request)
        except (web.HTTPException, ConnectionError):
            raise
        except Exception as fault:  # noqa: BLE001  the very edge
            place = traceback.extract_tb(fault.__traceback__)[-1]
            logger.error("%s in %s, line %s", type(fault).__name__, place.name, place.lineno)
            return web.json_response({"ok": False, "error": "internal_error"}, status=500)

    return middleware


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Adds the page's security headers to what has none of its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
