"""``$batch``: many requests in one, change sets all or nothing (dataverse.md 3.7)."""

import re
import uuid
from collections.abc import Sequence
from email import message_from_bytes
from email.message import Message
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from msgspec import Struct, field

from emulator.errors import ApiError, Unsupported, bad_query
from emulator.limits_cost import check_reads
from emulator.webapi.calls import JSON, Answer, Call, Headers
from emulator.webapi.dispatch import Api
from emulator.webapi.headers import read_preferences

LIMIT = 1000
_EOL = b"\r\n"
# An address may hold blanks that nobody encoded.
_REQUEST_LINE = re.compile(r"(\w+) +(\S.*?)(?: +HTTP/\d\.\d)? *")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


class _Run(Struct):
    """The parts answered so far; ``failed`` is the status that ended the batch."""

    api: Api
    call: Call
    boundary: str = field(default_factory=lambda: f"batchresponse_{uuid.uuid4()}")
    parts: list[bytes] = field(default_factory=list)
    failed: int | None = None


class _Refused(Exception):
    """Carries the error of a change set out of its transaction."""

    def __init__(self, answer: Answer, content_id: str | None) -> None:
        super().__init__(answer.status)
        self.answer = answer
        self.content_id = content_id


def answer_any(api: Api, call: Call) -> Answer:
    """The answer to a request, be it a batch or not."""
    if call.path != "$batch" or call.method != "POST":
        return api.answer(call)
    return api.guarded(call, lambda: run_batch(api, call))


def run_batch(api: Api, call: Call) -> Answer:
    """The answer to a whole batch; the parts run one after the other."""
    parts = _parts(_message(call.headers.get("content-type", ""), call.body))
    if sum(max(1, len(_parts(part))) for part in parts) > LIMIT:
        message = f"The batch contains more than {LIMIT} operations."
        raise ApiError(400, "0x80060888", message)
    check_reads([_method(part) for part in parts if not part.is_multipart()])
    run = _Run(api, call)
    go_on = read_preferences(call.headers).continue_on_error
    for part in parts:
        (_run_change_set if part.is_multipart() else _run_single)(run, part)
        if run.failed is not None and not go_on:
            break
    status = 200 if run.failed is None or go_on else run.failed
    body = _multipart(run.boundary, run.parts)
    content = {"Content-Type": f"multipart/mixed; boundary={run.boundary}"}
    return Answer(status, body, content)


def _run_single(run: _Run, part: Message) -> None:
    request = _request(run.call, part, {})
    answer = _answered(run, request)
    run.parts.append(_part(answer, part.get("Content-ID")))
    if answer.status >= HTTPStatus.BAD_REQUEST:
        run.failed = answer.status


def _run_change_set(run: _Run, part: Message) -> None:
    boundary = f"changesetresponse_{uuid.uuid4()}"
    references: dict[str, str] = {}
    try:
        with run.call.org.transaction():
            answers = [_change(run, inner, references) for inner in _parts(part)]
    except _Refused as refused:
        run.failed = refused.answer.status
        answers = [_part(refused.answer, refused.content_id)]
    head = f"Content-Type: multipart/mixed; boundary={boundary}".encode() + _EOL * 2
    run.parts.append(head + _multipart(boundary, answers))


def _change(run: _Run, part: Message, references: dict[str, str]) -> bytes:
    content_id = part.get("Content-ID")
    request = _request(run.call, part, references)
    if request.method == "GET":
        error = bad_query("A change set must not contain a GET request.")
        raise _Refused(Answer(error.status, error.body(), {"Content-Type": JSON}), content_id)
    answer = _answered(run, request)
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise _Refused(answer, content_id)
    if content_id and "OData-EntityId" in answer.headers:
        references[content_id] = answer.headers["OData-EntityId"]
    return _part(answer, content_id)


def _answered(run: _Run, request: Call) -> Answer:
    run.api.stats.count("operations")
    if request.path == "$batch":
        raise bad_query("A batch must not contain another batch.")
    return run.api.answer(request)


def _message(content_type: str, body: bytes) -> Message:
    message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    if message.get_content_type() != "multipart/mixed" or not message.is_multipart():
        raise bad_query("The body of a batch must be multipart/mixed with a boundary.")
    return message


def _parts(message: Message) -> list[Message]:
    """The direct parts of a multipart message, none of any other."""
    payload = message.get_payload()
    if not isinstance(payload, list):
        return []
    return [part for part in payload if isinstance(part, Message)]


def _request(call: Call, part: Message, references: dict[str, str]) -> Call:
    if part.get_content_type() != "application/http":
        raise bad_query("Every part of a batch must be application/http.")
    raw = part.get_payload(decode=True)
    text = raw if isinstance(raw, bytes) else b""
    head, body = (*_BLANK_LINE.split(text.lstrip(b"\r\n"), maxsplit=1), b"")[:2]
    first, *lines = head.decode(errors="replace").splitlines() or [""]
    line = _REQUEST_LINE.fullmatch(first)
    if line is None:
        raise bad_query(f"'{first}' is no request line.")
    split = (line.partition(":") for line in lines if line.strip())
    own = [(name.strip(), value.strip()) for name, _, value in split]
    path, query = _address(call, line[2])
    return Call(call.org, line[1], path, query, Headers(own), body, call.root, references)


def _method(part: Message) -> str:
    raw = part.get_payload(decode=True)
    words = raw.split(maxsplit=1) if isinstance(raw, bytes) else []
    return words[0].decode("latin-1") if words else ""


def _address(call: Call, target: str) -> tuple[str, str]:
    """Path and query of ``/api/data/v9.2/x``, an absolute address, ``x``, ``/x`` or ``$1``."""
    split = urlsplit(target)
    if split.netloc and not call.root.startswith(f"{split.scheme}://{split.netloc}/"):
        raise Unsupported(f"a batch part for another host ({split.netloc})")
    prefix = urlsplit(call.root).path
    path = unquote(split.path)
    return path.removeprefix(prefix).lstrip("/"), split.query


def _part(answer: Answer, content_id: str | None) -> bytes:
    head = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    if content_id:
        head.append(f"Content-ID: {content_id}")
    phrase = HTTPStatus(answer.status).phrase
    lines = [f"HTTP/1.1 {answer.status} {phrase}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    text = "\r\n".join([*head, "", *lines, "", ""]).encode()
    return text + answer.encoded()


def _multipart(boundary: str, parts: Sequence[bytes]) -> bytes:
    mark = f"--{boundary}".encode()
    return b"".join(mark + _EOL + part + _EOL for part in parts) + mark + b"--" + _EOL
