"""The door of the Web API: who is asking, and whether that user may come in now.

It sits inside the counting and outside latency and faults, so that a slow request takes its
user's place among the concurrent ones for as long as the client waits.
"""

import json
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.errors import ApiError
from emulator.limits import Admission, Limits, Refusal
from emulator.limits_cost import carry
from emulator.organization import Organization
from emulator.users import Directory, Members, parse_users, seed_users
from emulator.users_caller import SERVICE_USER, Caller, act_as

if TYPE_CHECKING:
    from emulator.tokens import Issuer

_JSON = "application/json; odata.metadata=minimal"
_ODATA = {"OData-Version": "4.0"}
_COOKIE = "ARRAffinity"


class Access(Struct, frozen=True):
    """How requests are told apart: without anything every request is the service user's."""

    members: Members | None = None
    issuer: "Issuer | None" = None
    limits: Limits = field(default_factory=Limits)


def open_access(org: Organization, users: Path | None, require_token: bool) -> Access:
    """What the command line asks for. Raises what reading the file of users raises."""
    directory = parse_users(users.read_bytes(), org.definitions) if users else Directory()
    if users is not None:
        seed_users(org, directory)
    return Access(
        members=None if users is None else Members(org, directory),
        issuer=_issuer(directory) if require_token else None,
    )


def _issuer(directory: Directory) -> "Issuer":
    from emulator.tokens import Issuer

    return Issuer(directory.applications)


class Entrance:
    """Wraps the Web API; ``latency_s`` is what every operation of a batch costs besides."""

    def __init__(self, app: ASGIApp, access: Access, latency_s: float = 0) -> None:
        self._app = app
        self._access = access
        self._latency_s = latency_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            caller = await self._caller(scope)
        except ApiError as refusal:
            await drain(receive)
            await _refused(refusal)(scope, receive, send)
            return
        told = self._told(caller, scope, send)
        admission = self._access.limits.admit(caller.id)
        if isinstance(admission, Refusal):
            await drain(receive)
            await _refused(_too_many(admission))(scope, receive, told)
            return
        act_as(caller)
        await self._charged(admission, self._app(scope, receive, told))

    async def _charged(self, admission: Admission, work: Awaitable[None]) -> None:
        carry(admission.cost)
        started = time.monotonic()
        try:
            await work
        finally:
            # A batch waits once for what its operations would wait for each (dataverse.md 4).
            besides = max(admission.cost.operations - 1, 0) * self._latency_s
            self._access.limits.leave(admission, time.monotonic() - started + besides)

    async def _caller(self, scope: Scope) -> Caller:
        if self._access.members is None:
            return _identify(self._access, scope)
        return await run_in_threadpool(_identify, self._access, scope)

    def _told(self, caller: Caller, scope: Scope, send: Send) -> Send:
        """Answers with the headers of the limits and the cookie that binds to a server."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._access.limits.headers(caller.id))
                if f"{_COOKIE}=" not in Headers(scope=scope).get("cookie", ""):
                    headers.append("Set-Cookie", f"{_COOKIE}=emulator; Path=/; HttpOnly")
            await send(message)

        return told


async def drain(receive: Receive) -> None:
    """Reads the request to its end, so that the connection can be used again."""
    while (await receive()).get("more_body", False):
        pass


def _identify(access: Access, scope: Scope) -> Caller:
    headers = Headers(scope=scope)
    kind, _, token = headers.get("authorization", "").partition(" ")
    token = token.strip() if kind.lower() == "bearer" else ""
    root = f"{scope['scheme']}://{headers.get('host', '')}"
    application = None
    if access.issuer is not None:
        application = access.issuer.application_of(token, root)
        if application is None:
            raise _unauthorized(root)
    if access.members is None or not token:
        return SERVICE_USER
    return access.members.caller(application or _claimed(token))


def _claimed(token: str) -> str:
    """The application that an unchecked token speaks of: its `appid`, or the token itself."""
    import jwt  # with cryptography a tenth of the start, for tests with users only

    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return token
    return str(claims.get("appid", claims.get("azp", token)))


def _unauthorized(root: str) -> ApiError:
    authority = f"{root}/common/oauth2/authorize"
    challenge = f"Bearer authorization_uri={authority}, resource_id={root}/"
    return ApiError(401, "", "", {"WWW-Authenticate": challenge})


def _too_many(refusal: Refusal) -> ApiError:
    headers = {"Retry-After": str(refusal.retry_after)}
    return ApiError(429, refusal.code, refusal.message, headers)


def _refused(refusal: ApiError) -> Response:
    # A 401 has no body: the platform's gate answers before the Web API.
    body = json.dumps(refusal.body()) if refusal.code else None
    return Response(body, refusal.status, _ODATA | refusal.headers, _JSON if body else None)
