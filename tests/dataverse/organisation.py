"""A scripted Dataverse for unit tests: answers are given as functions, batches are taken apart."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from typing import Any
from urllib.parse import unquote, urlsplit

import responses
from requests import PreparedRequest

from gradesys.dataverse.store import DataverseStore

ROOT = "http://127.0.0.1:7071"
API = f"{ROOT}/api/data/v9.2/"

Reply = tuple[int, Mapping[str, str], Any]
Respond = Callable[["Call"], Reply]


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the script sees it: ``path`` decoded and relative to the API root."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


def ok(body: Any = None, **headers: str) -> Reply:
    """A success: 200 with a body, 204 without."""
    return (204 if body is None else 200), headers, body


def refused(status: int, code: str = "", message: str = "no", **headers: str) -> Reply:
    """An error as Dataverse words it."""
    return status, headers, {"error": {"code": code, "message": message}}


@dataclass
class Organisation:
    """Answers every call with ``respond``. ``https`` lists HTTP requests, ``calls`` their parts."""

    respond: Respond
    https: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    def install(self, mock: responses.RequestsMock) -> Organisation:
        for method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
            mock.add_callback(method, re.compile(re.escape(API)), callback=self._answer)
        return self

    def _answer(self, request: PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        path = _relative(str(request.url))
        self.https.append(f"{request.method} {path.partition('?')[0]}")
        if path == "$batch":
            return self._batch(request)
        status, headers, body = self._single(
            Call(str(request.method), path, dict(request.headers), _json(_bytes(request.body)))
        )
        return status, {**headers}, _content(body)

    def _single(self, call: Call) -> Reply:
        self.calls.append(call)
        return self.respond(call)

    def _batch(self, request: PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
        message = BytesParser().parsebytes(head + _bytes(request.body))
        lines = []
        for leaf in message.walk():
            if leaf.get_content_type() == "application/http":
                payload = leaf.get_payload(decode=True)
                assert isinstance(payload, bytes)
                lines.append(_part(self._single(_call(payload))))
        body = b"".join(lines) + b"--answer--\r\n"
        return 200, {"Content-Type": "multipart/mixed; boundary=answer"}, body


Install = Callable[[Respond], tuple[DataverseStore, Organisation]]


def script(mock: responses.RequestsMock, *replies: Reply) -> Organisation:
    """The organisation that gives ``replies`` one after the other."""
    waiting = iter(replies)
    return Organisation(lambda call: next(waiting)).install(mock)


def _relative(url: str) -> str:
    parts = urlsplit(url)
    path = parts.path.removeprefix("/api/data/v9.2/")
    return unquote(f"{path}?{parts.query}" if parts.query else path)


def _call(payload: bytes) -> Call:
    head, _, body = payload.partition(b"\r\n\r\n")
    request, *lines = head.decode().split("\r\n")
    method, target, _ = request.split(" ")
    headers = {name: value for name, _, value in (line.partition(": ") for line in lines)}
    return Call(method, _relative(target), headers, _json(body))


def _part(reply: Reply) -> bytes:
    status, headers, body = reply
    lines = [
        "--answer",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        f"HTTP/1.1 {status} Whatever",
        *(f"{name}: {value}" for name, value in headers.items()),
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + _content(body) + b"\r\n"


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else (body or "").encode()


def _json(body: bytes) -> Any:
    return json.loads(body) if body.strip() else None


def _content(body: Any) -> bytes:
    if body is None:
        return b""
    return body if isinstance(body, bytes) else json.dumps(body).encode()
