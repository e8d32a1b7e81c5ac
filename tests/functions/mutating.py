"""Webhook bodies made wrong: one cut, swap or odd value after the other, all from a seed."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

LONG = "9" * 5_000
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, 10**400, 1e308, -0.0, "", " ", "none", "account", "Account",
    "lead", "invoice", "a" * 129, "x" * 5_000, "../..", "' or 1 eq 1", "<a/>", "\0", "\ud800",
    "\ufeff",
    "شرکت", "\u202e", "2026-06-15", "/Date(1)/", "/Date(99999999999999999999)/", [], {}, [[]], [{}],
    [None], {"key": "Target"}, {"key": None, "value": 1}, {"key": "Target", "value": None},
    {"__type": "EntityReference:x"}, {"__type": "Guid:#System", "__value": "x"}, {"__value": {}},
    {"Id": None, "LogicalName": "account"}, {"Id": 5, "LogicalName": ["account"]},
    {"Attributes": 5}, {"Attributes": [{"key": 5, "value": 5}]}, {"Attributes": {"customerid": []}},
    "00000000-0000-0000-0000-000000000000", "a1000000-0000-4000-8000-000000000001",
    "{A1000000-0000-4000-8000-000000000001}", "urn:uuid:a1000000-0000-4000-8000-000000000001",
    '["a1000000-0000-4000-8000-000000000001"]', "[" * 5_000, "[1e999999]", '{"a": 1}',
)  # fmt: skip
NUMBERS = ("NaN", "Infinity", "-Infinity", "1e999999999", "1e-999999999", LONG, f"0.{LONG}", "-0")
CODECS = ("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp1256", "utf-7", "cp037")
HEADERS = (
    "x-ms-dynamics-entity-name", "x-ms-dynamics-request-name", "x-ms-dynamics-msg-size-exceeded",
    "x-ms-correlation-request-id", "content-type", "content-length", "x-gs-key", "x-other",
)  # fmt: skip
VALUES = ("", "account", "none", "Update", "\xff\xfe", "\udcff", "شرکت", "x" * 70_000, "-1", "a, b")


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it is sent."""

    headers: Mapping[str, str]
    body: bytes


def mutated(seed: int, samples: list[Sent]) -> Sent:
    """One of the samples, made wrong in a few places."""
    chance = random.Random(seed)
    sample = chance.choice(samples)
    tree = json.loads(sample.body)
    for _ in range(chance.choice((0, 1, 1, 2, 5))):
        chance.choice(TREE)(chance, tree)
    body = json.dumps(tree).encode()
    if chance.random() < 0.4:
        body = chance.choice(BYTES)(chance, body)
    headers = dict(sample.headers)
    if chance.random() < 0.2:
        headers[chance.choice(HEADERS)] = chance.choice(VALUES)
    if chance.random() < 0.05:
        headers.pop(chance.choice(sorted(headers)))
    return Sent(headers, body)


def _place(chance: random.Random, tree: Any) -> tuple[Any, Any]:
    """A container somewhere in the tree, and a key or an index of it."""
    while True:
        keys = list(tree) if isinstance(tree, dict) else range(len(tree))
        key = chance.choice(keys)
        child = tree[key]
        if not (isinstance(child, dict | list) and child) or chance.random() < 0.25:
            return tree, key
        tree = child


def _put(chance: random.Random, tree: Any) -> None:
    parent, key = _place(chance, tree)
    parent[key] = copy.deepcopy(chance.choice(ODD))


def _drop(chance: random.Random, tree: Any) -> None:
    parent, key = _place(chance, tree)
    if len(parent) > 1:
        del parent[key]


def _swap(chance: random.Random, tree: Any) -> None:
    (one, here), (other, there) = _place(chance, tree), _place(chance, tree)
    one[here], other[there] = copy.deepcopy(other[there]), copy.deepcopy(one[here])


def _rename(chance: random.Random, tree: Any) -> None:
    parent, key = _place(chance, tree)
    if isinstance(parent, dict):
        parent[chance.choice((key.lower(), key.upper(), f" {key}", "", "__type"))] = parent.pop(key)


def _repeat(chance: random.Random, tree: Any) -> None:
    parent, key = _place(chance, tree)
    if isinstance(parent, list):
        parent += [copy.deepcopy(parent[key]) for _ in range(chance.choice((1, 50)))]


def _wrap(chance: random.Random, tree: Any) -> None:
    parent, key = _place(chance, tree)
    value = parent[key]
    for _ in range(chance.choice((1, 10, 70))):
        value = chance.choice(([value], {"key": "k", "value": value}, {"__value": value}))
    parent[key] = value


def _cut(chance: random.Random, body: bytes) -> bytes:
    return body[: chance.randrange(len(body))]


def _flip(chance: random.Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.choice((1, 3, 30))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _number(chance: random.Random, body: bytes) -> bytes:
    """In the place of a null, a number that JSON or Python has trouble with."""
    return body.replace(b"null", chance.choice(NUMBERS).encode(), chance.choice((1, 3)))


def _twice(chance: random.Random, body: bytes) -> bytes:
    """Every member of the outermost object twice, the first time with another value."""
    odd = json.dumps(chance.choice(ODD))
    first = ", ".join(f"{json.dumps(name)}: {odd}" for name in ("MessageName", "PrimaryEntityId"))
    return b"{" + first.encode() + b", " + body[1:]


def _recoded(chance: random.Random, body: bytes) -> bytes:
    text = json.dumps(json.loads(body), ensure_ascii=False)
    return text.encode(chance.choice(CODECS), errors="replace")


def _deep(chance: random.Random, body: bytes) -> bytes:
    depth = chance.choice((60, 70, 2_000, 100_000))
    opening, closing = chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
    nested = opening * depth + b"1" + closing * depth * chance.choice((0, 1))
    return b'{"Deep": ' + nested + b", " + body[1:]


def _large(chance: random.Random, body: bytes) -> bytes:
    return body + b" " * chance.choice((300 * 1024 - len(body), 300 * 1024 - len(body) + 1))


TREE: tuple[Callable[[random.Random, Any], None], ...] = (
    *(_put, _put, _put, _drop, _swap, _rename, _repeat, _wrap),
)
BYTES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    *(_cut, _flip, _number, _twice, _recoded, _deep, _large),
)
