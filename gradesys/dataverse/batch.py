"""Batches as Dataverse wants them: multipart text out, answers in the same order back.

Every writing part gets a change set of its own: Dataverse wants a change set for writes, and one
part's failure shall not undo another's (dataverse.md section 3.7).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from urllib3 import HTTPHeaderDict

from gradesys.dataverse.answers import PartResponse, Response
from gradesys.dataverse.multipart import leaves
from gradesys.dataverse.wire import encode
from gradesys.errors import TemporaryError

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})[^\r\n]*\r?\n")
_ANSWER = re.compile(rb"\s*application/http\b", re.IGNORECASE)
_BATCH = "batch_gradesys"
"""Boundaries need not be drawn: JSON has no line breaks, so no line of a body looks like one."""


class Part(Struct, frozen=True):
    """One request of a batch; ``path`` as for ``Client.request``."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def encode_batch(parts: Sequence[tuple[Part, str]]) -> tuple[str, bytes]:
    """Content type and body; each part comes with the target of its request line."""
    lines: list[bytes] = []
    for number, (part, target) in enumerate(parts, 1):
        lines.append(f"--{_BATCH}".encode())
        lines.extend(
            _operation(part, target) if part.method == "GET" else _change_set(part, target, number)
        )
    lines += [f"--{_BATCH}--".encode(), b""]
    return f'multipart/mixed; boundary="{_BATCH}"', b"\r\n".join(lines)


def decode_batch(outer: Response, expected: int) -> list[PartResponse]:
    """The answers in order. Raises ``TemporaryError`` when some are missing: a torn answer."""
    content_type = outer.headers.get("Content-Type", "").encode()
    answers = [
        _answer(content)
        for kind, content in leaves(content_type, outer.content)
        if _ANSWER.match(kind)
    ]
    if len(answers) != expected:
        raise TemporaryError(f"a batch of {expected} parts came back with {len(answers)} answers")
    return answers


def _change_set(part: Part, target: str, number: int) -> list[bytes]:
    boundary = f"changeset_{number}"
    return [
        f'Content-Type: multipart/mixed; boundary="{boundary}"'.encode(),
        b"",
        f"--{boundary}".encode(),
        *_operation(part, target, f"Content-ID: {number}"),
        f"--{boundary}--".encode(),
        b"",
    ]


def _operation(part: Part, target: str, *extra: str) -> list[bytes]:
    headers = {"Accept": "application/json", **part.headers}
    if part.body is not None:
        headers["Content-Type"] = "application/json; type=entry"
    lines = [
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        *extra,
        "",
        f"{part.method} {target} HTTP/1.1",
        *(f"{name}: {value}" for name, value in headers.items()),
        "",
    ]
    return [*(line.encode() for line in lines), b"" if part.body is None else encode(part.body)]


def _answer(content: bytes) -> PartResponse:
    status = _STATUS.match(content)
    if status is None:
        raise TemporaryError("a part of a batch answer has no status line")
    head, _, rest = (b"\r\n" + content[status.end() :]).partition(b"\r\n\r\n")
    headers = HTTPHeaderDict()
    for line in head.decode("latin-1").strip().splitlines():
        name, _, value = line.partition(":")
        headers[name.strip()] = value.strip()
    return PartResponse(int(status[1]), headers, rest)
