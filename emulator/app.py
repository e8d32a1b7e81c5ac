"""The emulator's ASGI application: the Web API under ``/api/data/v9.2/`` and extra routes."""

from collections.abc import Sequence
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from emulator.customization.custom_apis import call_custom_api
from emulator.customization.routes import ACTIONS, write_definition
from emulator.errors import ApiError
from emulator.listening import HOST
from emulator.organization import Organization
from emulator.stats import Stats
from emulator.webapi.actions import ROW_ACTIONS
from emulator.webapi.batch import answer_any
from emulator.webapi.calls import Call, Headers
from emulator.webapi.dispatch import Api

PREFIX = "/api/data/v9.2/"
_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]


def build_app(
    org: Organization, *, stats: Stats, extra_routes: Sequence[BaseRoute] = ()
) -> Starlette:
    """An application for this organisation; ``extra_routes`` come after the Web API's own."""
    api = Api(stats, {**ACTIONS, **ROW_ACTIONS}, write_definition, call_custom_api)

    async def web_api(request: Request) -> Response:
        call = _call(org, request, await request.body())
        answer = await run_in_threadpool(answer_any, api, call)
        return Response(answer.encoded(), answer.status, dict(answer.headers))

    path = PREFIX + "{path:path}"
    routes = [Route(path, web_api, methods=_METHODS), *extra_routes]
    handlers = {ClientDisconnect: _abandoned, Exception: _unexpected}
    return Starlette(routes=routes, exception_handlers=handlers)


async def _abandoned(request: Request, error: Exception) -> Response:
    """The client went away before its request was complete: nobody reads this answer."""
    return Response(status_code=400)


async def _unexpected(request: Request, error: Exception) -> Response:
    """500 in Dataverse's words; the server logs the traceback."""
    refusal = ApiError(500, "0x80040216", "An unexpected error occurred.")
    return JSONResponse(refusal.body(), refusal.status)


def _call(org: Organization, request: Request, body: bytes) -> Call:
    raw = request.scope.get("raw_path", request.url.path.encode()).decode()
    root = f"{request.url.scheme}://{request.headers.get('host', HOST)}{PREFIX}"
    return Call(
        org=org,
        method=request.method,
        path=unquote(raw.partition("?")[0]).removeprefix(PREFIX),
        query=request.scope["query_string"].decode("latin-1"),
        headers=Headers(request.headers.items()),
        body=body,
        root=root,
    )
