"""Run a trigger table on one machine: HTTP by Starlette and uvicorn, queue and timers by loops.

The same handlers run here and on Azure; only the hosting differs.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from functions.trigger import Http, Incoming, Queue, Timer, Trigger
from gradesys.app import App
from gradesys.dataverse.events import SIZE_LIMIT
from gradesys.errors import GradesysError
from gradesys.heartbeat import kept_alive
from gradesys.live.handling import log_text

LOG = logging.getLogger(__name__)
WORKERS = 8
POLL_S = 0.1
SWITCH_S = 0.001


def run(triggers: Sequence[Trigger], app: App, port: int, timers: bool = True) -> None:
    """Serve on 127.0.0.1 until interrupted."""
    config = uvicorn.Config(
        web(triggers, app),
        host="127.0.0.1",
        port=port,
        log_level="warning",
        access_log=False,
        http="h11",
    )
    # Whoever posts an event waits for its answer, so busy workers let go of the interpreter sooner.
    sys.setswitchinterval(SWITCH_S)
    with background(triggers, app, timers):
        uvicorn.Server(config).run()


@contextmanager
def background(triggers: Sequence[Trigger], app: App, timers: bool = True) -> Iterator[None]:
    """Run the queue workers, the timers and the heartbeat while the block lasts."""
    stop = threading.Event()
    loops: list[Callable[[threading.Event], None]] = []
    for trigger in triggers:
        if isinstance(trigger, Queue):
            loops += [_worker_loop(trigger, app)] * WORKERS
        elif isinstance(trigger, Timer) and timers:
            loops.append(_timer_loop(trigger, app))
    threads = [threading.Thread(target=loop, args=(stop,), daemon=True) for loop in loops]
    with ExitStack() as stack:
        stack.enter_context(kept_alive(app.marks))
        for thread in threads:
            thread.start()
            stack.callback(thread.join, 10)
        stack.callback(stop.set)
        yield


def web(triggers: Sequence[Trigger], app: App) -> Starlette:
    """The HTTP triggers under ``/api/``."""
    return Starlette(routes=[_route(t, app) for t in triggers if isinstance(t, Http)])


def _route(trigger: Http, app: App) -> Route:
    async def endpoint(request: Request) -> Response:
        incoming = Incoming(dict(request.headers), await _body(request))
        reply = await run_in_threadpool(trigger.handler, app, incoming)
        return JSONResponse(dict(reply.body), reply.status, reply.headers)

    return Route(f"/api/{trigger.route}", endpoint, methods=[trigger.method])


async def _body(request: Request) -> bytes:
    """The whole body, or so much of one that is too large that the handler can tell."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > SIZE_LIMIT:
            break
    return bytes(body)


def _worker_loop(trigger: Queue, app: App) -> Callable[[threading.Event], None]:
    def loop(stop: threading.Event) -> None:
        while not stop.is_set():
            if not _attempt(trigger.name, lambda: trigger.handler(app, "")):
                app.wait(POLL_S)

    return loop


def _timer_loop(trigger: Timer, app: App) -> Callable[[threading.Event], None]:
    def loop(stop: threading.Event) -> None:
        while True:
            _attempt(trigger.name, lambda: trigger.handler(app))
            if stop.wait(trigger.minutes * 60):
                return

    return loop


def _attempt(name: str, action: Callable[[], int | None]) -> int | None:
    """Run one step; a failure is logged and the loop goes on."""
    try:
        return action()
    except GradesysError as error:
        LOG.warning("%s: %s", name, log_text(error))
    except Exception:
        LOG.exception("%s failed", name)
    return None
