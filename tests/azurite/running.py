"""Azurite on free ports of this machine, in memory, for as long as a block lasts."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.node import NODE

HERE = Path(__file__).parent
PROGRAM = HERE / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"
PATIENCE_S = 60.0
SERVICES = ("blob", "queue", "table")
FLAGS = (
    "--inMemoryPersistence",
    "--skipApiVersionCheck",
    "--disableTelemetry",
    "--disableProductStyleUrl",
    *(flag for name in SERVICES for flag in (f"--{name}Host", "127.0.0.1", f"--{name}Port", "0")),
)
ACCOUNT = (
    "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey="
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)
"""The one account that Azurite documents."""
LISTENING = re.compile(r"Azurite (\w+) service is successfully listening at (\S+)")


@contextmanager
def azurite(folder: Path) -> Iterator[str]:
    """The connection string of a running Azurite, which keeps nothing."""
    assert PROGRAM.exists(), "Azurite is not installed: run python dev.py test"
    with (
        (folder / "azurite.log").open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            [str(NODE), str(PROGRAM), "--silent", *FLAGS],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            yield _connection_string(process)
        finally:
            process.terminate()


def _connection_string(process: subprocess.Popen[str]) -> str:
    """Wait until every service said where it listens."""
    assert process.stdout is not None
    alarm = threading.Timer(PATIENCE_S, process.kill)
    alarm.start()
    found: dict[str, str] = {}
    for line in process.stdout:
        listening = LISTENING.match(line)
        if listening:
            found[listening[1]] = f"{listening[1]}Endpoint={listening[2]}/devstoreaccount1"
        if len(found) == len(SERVICES):
            break
    alarm.cancel()
    assert len(found) == len(SERVICES), f"Azurite ended: {found}"
    return ";".join((ACCOUNT, *found.values()))
