"""Registered steps as values, and the decision whether a change concerns one of them."""

from collections.abc import Iterable

from msgspec import Struct

from emulator.changes import Change

ENABLED = 0
PRE, POST, BOTH = 0, 1, 2


class Endpoint(Struct, frozen=True):
    """Where a step posts to; `auth_type` 4 key, 5 headers, 6 query pairs."""

    url: str
    auth_type: int
    auth_value: str


class Image(Struct, frozen=True):
    """A snapshot of the row that a step carries; no columns means all."""

    alias: str
    type: int
    columns: tuple[str, ...]

    @property
    def is_pre(self) -> bool:
        return self.type in (PRE, BOTH)

    @property
    def is_post(self) -> bool:
        return self.type in (POST, BOTH)


class Step(Struct, frozen=True):
    """An enabled asynchronous step; an empty table means every table."""

    id: str
    name: str
    message: str
    table: str
    filtering: frozenset[str]
    auto_delete: bool
    endpoint: Endpoint
    images: tuple[Image, ...] = ()

    def concerns(self, change: Change) -> bool:
        """Filtering attributes count for Update only, and any one of them suffices."""
        if change.message != self.message or self.table not in ("", change.table):
            return False
        if change.optional.bypasses(self.id):
            return False
        filtered = change.message == "Update" and self.filtering
        return not filtered or not self.filtering.isdisjoint(change.changed)


def matching(steps: Iterable[Step], change: Change) -> list[Step]:
    """The steps that a change sets off."""
    return [step for step in steps if step.concerns(change)]


def comma_list(text: str | None) -> tuple[str, ...]:
    """`"a, b"` -> `("a", "b")`; nothing -> `()`."""
    return tuple(name.strip().lower() for name in (text or "").split(",") if name.strip())
