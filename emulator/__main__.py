"""`python -m emulator`: a Dataverse Web API on this machine, for development and tests."""

import argparse
import signal
import socket
import sqlite3
import ssl
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from msgspec import DecodeError

from emulator.entrance import open_access
from emulator.errors import ApiError
from emulator.listening import HOST, listen
from emulator.loading import BadData
from emulator.organization import Clock, Organization, utc_now
from emulator.server import build_emulator, open_organization

GRACE_SECONDS = 3
IDLE_SECONDS = 75
"""A connection that rests is kept as long as a client may come back to it in a test: one that is
closed just as it is used again looks like an outage."""


class Announcing(uvicorn.Server):
    """A server that says on standard output when it accepts requests."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            port = listening.getsockname()[1]
            scheme = "https" if self.config.is_ssl else "http"
            sys.stdout.write(f"emulator ready on {scheme}://{HOST}:{port}\n")
        sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serves until it is interrupted."""
    options = parse(arguments)
    certificate, key = _loadable(options.tls)
    try:
        org = _organization(options)
    except (BadData, OSError) as mistake:
        sys.exit(f"{options.data}: {mistake}")
    except sqlite3.DatabaseError as mistake:
        sys.exit(f"{options.db}: {mistake}")
    try:
        access = open_access(org, options.users, options.require_token)
    except (ApiError, DecodeError, OSError) as mistake:
        org.close()
        sys.exit(f"{options.users}: {mistake}")
    emulator = build_emulator(org, options.latency_ms, access)
    with _listening(options.port) as listening:
        config = uvicorn.Config(
            emulator.app,
            http="httptools",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_keep_alive=IDLE_SECONDS,
            ssl_certfile=certificate,
            ssl_keyfile=key,
        )
        # Uvicorn hands the signal on when it has stopped; without this it would end us at once.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            # Deliveries under way end with the process: an endpoint may take a minute to answer.
            Announcing(config).run(sockets=[listening])
        finally:
            org.close()


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line; 0 as a port takes a free one."""
    parser = argparse.ArgumentParser(prog="python -m emulator", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--data", type=Path, help="rows for an empty database, as JSON")
    parser.add_argument("--db", type=Path, help="the database file; without it nothing is kept")
    parser.add_argument("--latency-ms", type=float, default=0.0, help="added to every request")
    parser.add_argument("--now", type=_instant, help="an ISO date-time: the clock of every stamp")
    parser.add_argument("--strict-closed", action="store_true", help="closed rows are read-only")
    parser.add_argument("--users", type=Path, help="users, roles and applications, as JSON")
    parser.add_argument("--require-token", action="store_true", help="401 without our own token")
    parser.add_argument("--tls", nargs=2, metavar=("CERTFILE", "KEYFILE"), help="serve https")
    return parser.parse_args(arguments)


def _organization(options: argparse.Namespace) -> Organization:
    clock = utc_now if options.now is None else _standing(options.now)
    org = Organization(options.db, clock=clock, strict_closed=options.strict_closed)
    try:
        return open_organization(org, options.data)
    except BaseException:
        org.close()
        raise


def _loadable(files: list[str] | None) -> tuple[str | None, str | None]:
    if files is None:
        return None, None
    certificate, key = files
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except OSError as mistake:
        sys.exit(f"{certificate}, {key}: {mistake}")
    return certificate, key


def _listening(port: int) -> socket.socket:
    try:
        return listen(port)
    except OSError as mistake:
        sys.exit(f"port {port}: {mistake}")


def _standing(instant: datetime) -> Clock:
    return lambda: instant


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
