"""Canaries: names, amounts, keys and tokens that no log may tell, and the search for them.

``dev.py test`` names a folder; every process of the suite and every service that it starts logs
there, and notes which canaries went by. ``python -m tests.canary FOLDER [KIND…]`` then looks for
them, and complains too when a kind of them was never there to be told.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs

import requests

from gradesys.dataverse.answers import Response
from gradesys.dataverse.transport import Request, Transport

FOLDER = "GRADESYS_TEST_LOGS"
NAME, AMOUNT, KEY = "Kanarienvogel GmbH", "73915.86", "first-key-that-no-log-may-tell"
KINDS = ("name", "amount", "key", "token", "secret")
SHORTEST = 12
"""Characters; what is shorter may stand in a log by chance."""


def folder() -> Path | None:
    """Where the suite's logs are collected; None: they are not."""
    named = os.environ.get(FOLDER)
    return Path(named) if named else None


def log_file(what: str) -> Path | None:
    """A file of this process for such output."""
    place = folder()
    return place / f"{what}-{os.getpid()}.log" if place else None


def keep(what: str, text: str) -> None:
    """Add output that a test has read to what is searched."""
    file = log_file(what)
    if file:
        with file.open("a", encoding="utf-8") as stream:
            stream.write(text)


def note(kind: str, canary: str) -> None:
    """A canary went by."""
    place = folder()
    long_enough = len(canary) >= SHORTEST or canary == AMOUNT
    if place and long_enough and (kind, canary) not in _NOTED:
        _NOTED.add((kind, canary))
        with (place / f"seen-{os.getpid()}.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps([kind, canary]) + "\n")


_ID = re.compile(r"Bearer [0-9a-fA-F-]{36}")
"""The emulator takes a user's id for a token where nobody has to sign in; ids may be logged."""
_NOTED: set[tuple[str, str]] = set()


def collect() -> None:
    """Log everything of this process there, and note what its requests carry."""
    file = log_file("tests")
    if file is None:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    for name in ("gradesys", "functions", "msal", "urllib3", "azure"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    send, ask = requests.Session.send, Transport.send

    def watched(self: Any, request: Any, **options: Any) -> requests.Response:
        _note_request(request.headers, request.body)
        return send(self, request, **options)

    def asked(self: Any, request: Request, token: str | None) -> Response:
        _note_request({**request.headers, "Authorization": f"Bearer {token or ''}"}, None)
        return ask(self, request, token)

    patch.object(requests.Session, "send", watched).start()
    patch.object(Transport, "send", asked).start()  # what goes to Dataverse; requests has the rest


def _note_request(headers: Mapping[str, str], body: object) -> None:
    bearer = headers.get("Authorization", "")
    key = headers.get("x-gs-key", "")
    if bearer.startswith("Bearer ") and not _ID.fullmatch(bearer):
        note("token", bearer.removeprefix("Bearer "))
    note("key", key)
    for secret in parse_qs(body if isinstance(body, str) else "").get("client_secret", []):
        note("secret", secret)


def hits(place: Path, canaries: list[str]) -> Iterator[str]:
    """Where a canary stands in a log: file, line, and which; the line itself tells too much."""
    wanted = re.compile("|".join(map(re.escape, canaries)).encode())
    for file in sorted(place.glob("*.log")):
        with file.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                if found := wanted.search(line):
                    yield f"{file}:{number}: {found[0].decode()}"


def main(place: Path, kinds: Sequence[str] = KINDS) -> int:
    """0: every one of these kinds of canaries went by and none is told."""
    lines = [line for file in place.glob("seen-*") for line in file.read_text("utf-8").splitlines()]
    seen = [(str(kind), str(canary)) for kind, canary in map(json.loads, lines)]
    missing = [kind for kind in kinds if kind not in {kind for kind, _ in seen}]
    told = list(hits(place, sorted({canary for _, canary in seen}))) if seen else []
    size = sum(file.stat().st_size for file in place.glob("*.log"))
    print(f"canaries: {len(seen)} seen, {len(told)} told in {size:,} bytes of logs")
    for line in [*(f"never seen, so nothing is shown: {kind}" for kind in missing), *told[:50]]:
        print(line)
    return 1 if missing or told or not size else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2:] or KINDS))
