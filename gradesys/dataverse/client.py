"""One connection to one organisation: sign-in, retries and the shared pause meet here.

Nothing above this package sees the HTTP library or its errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradesys.budget.lane import is_background
from gradesys.dataverse.answers import PartResponse, Response
from gradesys.dataverse.batch import Part, decode_batch, encode_batch
from gradesys.dataverse.gate import Gate, OwnGate
from gradesys.dataverse.links import Root
from gradesys.dataverse.retry import ClientOptions, T, keep_trying
from gradesys.dataverse.signin import SignIn
from gradesys.dataverse.slots import HINT, Slots
from gradesys.dataverse.transport import NotConnected, Request, Transport
from gradesys.dataverse.wire import encode
from gradesys.errors import GradesysError, TemporaryError

_IDEMPOTENT = frozenset({"GET", "PATCH", "PUT", "DELETE"})


class Client:
    """Requests to one organisation. ``base_url`` is its root; ``token`` gives a bearer token or
    None; ``gate`` is passed by every request, ``transport`` sends them. Raises ``SettingsError``
    for a URL that must not be used and a refused sign-in."""

    def __init__(
        self,
        base_url: str,
        token: Callable[[], str | None],
        options: ClientOptions | None = None,
        gate: Gate | None = None,
        transport: Transport | None = None,
    ) -> None:
        self.options = options or ClientOptions()
        self._root = Root(base_url)
        self.sign_in = SignIn(token, self.options.clock)
        self._transport = transport or Transport(self.options)
        self._gate = gate or OwnGate(self.options)
        self._slots = Slots(self.options.parallelism)

    @property
    def requests(self) -> int:
        """HTTP requests sent so far, repeated ones included."""
        return self._transport.requests

    @property
    def parallelism(self) -> int:
        """How many requests may be under way at once, by configuration and Dataverse's advice."""
        return self._slots.allowed

    def address(self, path: str) -> str:
        """The whole address of a path: how bodies refer to a row."""
        return self._root.resolve(path)

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The successful answer to one request; ``path`` is relative to ``/api/data/v9.2/`` or a
        link of this organisation. Raises the errors of ``gradesys.errors``."""
        content = None if body is None else encode(body)
        sent = dict(headers or {})
        if content is not None:
            sent.setdefault("Content-Type", "application/json; charset=utf-8")
        if method == "GET":
            sent.setdefault("If-None-Match", "null")
        url = self._root.resolve(path)
        request = Request(method, url, content, sent, _is_idempotent(method, path))
        return self._deliver(request, lambda response: response)

    def batch(self, parts: Sequence[Part], continue_on_error: bool = True) -> list[PartResponse]:
        """The answers to ``parts`` (at most 1,000) in their order, by one HTTP request. A part's
        own failure is in its answer; only a failure of the whole raises."""
        content_type, body = encode_batch([(part, self._root.target(part.path)) for part in parts])
        headers = {"Content-Type": content_type}
        if continue_on_error:
            headers["Prefer"] = "odata.continue-on-error"
        repeatable = all(_is_idempotent(part.method, part.path) for part in parts)
        request = Request("POST", self._root.resolve("$batch"), body, headers, repeatable)
        answers = self._deliver(request, lambda response: decode_batch(response, len(parts)))
        for answer in answers:
            self._obey(answer.error())
        return answers

    def ping(self) -> None:
        """Ask once, without patience. Raises what stands between us and Dataverse, if anything."""
        error = self._signed(Request("GET", self._root.resolve("WhoAmI"))).error()
        if error is not None:
            raise error

    def close(self) -> None:
        """Give the connections back."""
        self._transport.close()

    def _deliver(self, request: Request, understand: Callable[[Response], T]) -> T:
        tries = 0

        def attempt() -> T:
            nonlocal tries
            tries += 1
            response = self._signed(request)
            error = response.error()
            if error is None:
                return understand(response)
            if request.method == "DELETE" and response.status == 404 and tries > 1:
                return understand(Response(204, response.headers))
            self._obey(error)
            raise error

        return keep_trying(attempt, lambda error: _may_repeat(request, error), self.options)

    def _signed(self, request: Request) -> Response:
        self._slots.leave(self._gate.at_once())
        background = is_background()
        with self._slots.one(background):
            self._gate.enter(background)  # last: a pause may begin while a slot is waited for
            response = self._transport.send(request, self.sign_in.token())
            if response.status == 401:
                self.sign_in.renew()
                response = self._transport.send(request, self.sign_in.token())
        if response.status == 401:
            raise self.sign_in.refused(str(response.error()))
        self.sign_in.accepted()
        self._slots.heed(response.headers.get(HINT))
        return response

    def _obey(self, error: GradesysError | None) -> None:
        if not isinstance(error, TemporaryError):
            return
        if error.answer.status == 429:
            self.options.count("throttled")
        if error.retry_after is not None or error.answer.status == 429:
            self._gate.told(error, self._slots.allowed)


def _is_idempotent(method: str, path: str) -> bool:
    return method in _IDEMPOTENT or path.partition("?")[0].endswith(".UpdateMultiple")


def _may_repeat(request: Request, error: TemporaryError) -> bool:
    """A plain POST might create twice: it is repeated only when the server surely did nothing,
    that is 429, 503 with a Retry-After (turned away at the door), and no connection at all."""
    if request.repeatable or isinstance(error, NotConnected):
        return True
    status = error.answer.status
    return status == 429 or (status == 503 and error.retry_after is not None)
