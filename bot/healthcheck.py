"""python -m bot.healthcheck: whether the bot on this machine runs (0 if so), for a container.

It asks /healthz, not /readyz: a database that is away for a while is no reason to start the bot anew.
"""

import http.client
import os
import sys

SECONDS = 4.0


def is_healthy(host: str, port: int) -> bool:
    """Whether the bot that listens there says that it runs. Never through a proxy."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(here, port, timeout=SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(
        0 if is_healthy(os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or 3000)) else 1
    )
