"""The emulator's own routes under `/_emulator/`: statistics, faults, and waiting for silence.

They exist for tests; nothing under this path is part of Dataverse.
"""

import asyncio
import math
import time
from typing import Protocol

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.faults import Faults, parse_faults
from emulator.limits import Limits
from emulator.stats import Stats

QUIET_SECONDS = 0.05
POLL_SECONDS = 0.01
DEFAULT_TIMEOUT_SECONDS = 30.0


class Queue(Protocol):
    """What `settle` watches: anything that knows for how long it has had nothing to do."""

    def idle_seconds(self) -> float:
        """Seconds since the last piece of work ended; 0 while there is any."""
        ...


def control_routes(stats: Stats, faults: Faults, queue: Queue, limits: Limits) -> list[Route]:
    """The routes `/stats`, `/stats/reset`, `/settle`, `/faults` and `/limits`."""

    async def read_stats(request: Request) -> Response:
        return JSONResponse(stats.snapshot())

    async def reset_stats(request: Request) -> Response:
        stats.reset()
        return JSONResponse(stats.snapshot())

    async def settle(request: Request) -> Response:
        try:
            timeout = float(request.query_params.get("timeout", DEFAULT_TIMEOUT_SECONDS))
            if not math.isfinite(timeout):
                raise ValueError(timeout)
        except ValueError:
            return JSONResponse({"error": "timeout must be a number of seconds"}, 400)
        settled = await _quiet(queue, timeout)
        return JSONResponse(stats.snapshot(), 200 if settled else 408)

    async def replace_faults(request: Request) -> Response:
        try:
            plan = parse_faults(await request.body())
        except msgspec.DecodeError as mistake:
            return JSONResponse({"error": str(mistake)}, 400)
        faults.replace(plan)
        limits.replace(plan.limits)
        return JSONResponse(msgspec.to_builtins(plan))

    async def read_limits(request: Request) -> Response:
        return JSONResponse(limits.snapshot())

    return [
        Route("/_emulator/limits", read_limits),
        Route("/_emulator/stats", read_stats),
        Route("/_emulator/stats/reset", reset_stats, methods=["POST"]),
        Route("/_emulator/settle", settle, methods=["POST"]),
        Route("/_emulator/faults", replace_faults, methods=["POST"]),
    ]


async def _quiet(queue: Queue, timeout: float) -> bool:
    deadline = time.monotonic() + timeout
    while queue.idle_seconds() < QUIET_SECONDS:
        if time.monotonic() >= deadline:
            return False
        await asyncio.sleep(POLL_SECONDS)
    return True
