"""The HTTP request of one delivery: address, headers, authentication and the 256 KB rule."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit
from xml.etree import ElementTree

import msgspec
from msgspec import Struct

from emulator.webhooks.body import Tree
from emulator.webhooks.steps import Endpoint

MAX_BYTES = 256 * 1024
REMOVED_WHEN_TOO_LARGE = (
    "ParentContext",
    "InputParameters",
    "PreEntityImages",
    "PostEntityImages",
)
WEBHOOK_KEY, HTTP_HEADER, QUERY_STRING = 4, 5, 6
ENCODER = msgspec.json.Encoder(decimal_format="number")
Pairs = Mapping[str, str]
_HEADER = re.compile(r"[\w!#$%&'*+.^`|~-]+:([!-~]([ -~]*[!-~])?)?", re.ASCII)


class BadAuthentication(Exception):
    """The stored authentication of an endpoint cannot be used; never carries its value."""

    def __init__(self, auth_type: int) -> None:
        super().__init__(f"The authentication value of type {auth_type} could not be read.")
        self.auth_type = auth_type


class Post(Struct, frozen=True):
    """What is sent; building it needs no network."""

    url: str
    headers: Pairs
    body: bytes


def build_post(endpoint: Endpoint, organization: str, context: Tree) -> Post:
    """The request for a context. Raises BadAuthentication."""
    if endpoint.auth_type not in AUTHENTICATION:
        raise BadAuthentication(endpoint.auth_type)
    body, exceeded = _encode(context)
    query, own = AUTHENTICATION[endpoint.auth_type](endpoint.auth_value)
    headers = {
        "Content-Type": "application/json",
        "x-ms-dynamics-organization": organization,
        "x-ms-dynamics-entity-name": context["PrimaryEntityName"],
        "x-ms-dynamics-request-name": context["MessageName"],
        "x-ms-correlation-request-id": context["CorrelationId"],
    }
    if exceeded:
        headers["x-ms-dynamics-msg-size-exceeded"] = "true"
    return Post(_with_query(endpoint.url, query), headers | dict(own), body)


def _encode(context: Tree) -> tuple[bytes, bool]:
    body = _json(context)
    if len(body) <= MAX_BYTES:
        return body, False
    kept = {name: v for name, v in context.items() if name not in REMOVED_WHEN_TOO_LARGE}
    return _json(kept), True


def _json(tree: Tree) -> bytes:
    """JSON with every slash escaped: outside of strings there is none."""
    return ENCODER.encode(tree).replace(b"/", b"\\/")


def _with_query(url: str, query: Pairs) -> str:
    if not query:
        return url
    parts = urlsplit(url)
    joined = "&".join(part for part in (parts.query, urlencode(query)) if part)
    return urlunsplit(parts._replace(query=joined))


def _webhook_key(value: str) -> tuple[Pairs, Pairs]:
    return {"code": value}, {}


def _headers(value: str) -> tuple[Pairs, Pairs]:
    found = _settings(value, HTTP_HEADER)
    if not all(map(_HEADER.fullmatch, (f"{name}:{text}" for name, text in found.items()))):
        raise BadAuthentication(HTTP_HEADER)
    return {}, found


def _query(value: str) -> tuple[Pairs, Pairs]:
    return _settings(value, QUERY_STRING), {}


def _settings(value: str, auth_type: int) -> Pairs:
    """`<settings><setting name="..." value="..."/></settings>` as a map."""
    try:
        settings = ElementTree.fromstring(value)
    except ElementTree.ParseError as mistake:
        raise BadAuthentication(auth_type) from mistake
    return {item.get("name", ""): item.get("value", "") for item in settings.iter("setting")}


AUTHENTICATION: Mapping[int, Callable[[str], tuple[Pairs, Pairs]]] = {
    WEBHOOK_KEY: _webhook_key,
    HTTP_HEADER: _headers,
    QUERY_STRING: _query,
}
