"""Multipart bodies taken apart by their boundaries (RFC 2046, as far as batch answers go).

Python's own parser is made for mail: it compiles a pattern for each boundary and looks at every
line, which took more of the processor than all else that is done with an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BOUNDARY = re.compile(rb'boundary="?([^";\s]+)', re.IGNORECASE)
_TYPE = re.compile(rb"(?im)^content-type:[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)")
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n")


def leaves(content_type: bytes, body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Content type and content of every part that has no parts of its own, in order."""
    boundary = _BOUNDARY.search(content_type)
    if boundary is None or not content_type.lower().lstrip().startswith(b"multipart/"):
        yield content_type, body
        return
    for part in _parts(b"--" + boundary[1], body):
        head, content = _divided(part)
        told = _TYPE.search(head)
        yield from leaves(b"text/plain" if told is None else told[1], content)


def _parts(delimiter: bytes, body: bytes) -> list[bytes]:
    """What stands between the delimiters; a line that only begins like one is none."""
    found: list[bytes] = []
    _, *pieces = (b"\n" + body).split(b"\n" + delimiter)
    for piece in pieces:
        rest, _, part = piece.partition(b"\n")
        if rest.startswith(b"--"):
            break
        if not rest.strip():
            found.append(part)
        elif found:
            found[-1] += b"\n" + delimiter + piece
    return [part.removesuffix(b"\r") for part in found]


def _divided(part: bytes) -> tuple[bytes, bytes]:
    """Headers and content; a part may begin with the blank line."""
    blank = _BLANK.search(b"\n" + part)
    if blank is None:
        return part, b""
    return part[: max(0, blank.start() - 1)], part[blank.end() - 1 :]
