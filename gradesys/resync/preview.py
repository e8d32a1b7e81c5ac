"""What a resync would change, without writing anything: the dry run, and the question before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct, field

from gradesys.changes import Change
from gradesys.engine import Context, survey
from gradesys.errors import MissingMetadata, MissingPrivilege
from gradesys.records import Scope
from gradesys.resync.plan import divide
from gradesys.resync.standing import Standing
from gradesys.resync.wish import Wish
from gradesys.rules.compile import CompiledModel
from gradesys.rules.order import passes

MANY = 1_000
"""From this many changed records on, a first write asks for confirmation."""


class _Look(Struct):
    """What was seen so far."""

    context: Context
    wish: Wish
    read: int = 0
    changed: int = 0
    samples: list[Change] = field(default_factory=list)
    stopped: dict[str, str] = field(default_factory=dict)


def preview(context: Context, wish: Wish) -> Standing:
    """Score everything and write nothing."""
    look = _Look(context, wish)
    for _ in _look_through(look):
        pass
    return Standing(
        read=look.read,
        changed=look.changed,
        samples=tuple(look.samples),
        stopped=look.stopped,
    )


def would_change_many(context: Context, wish: Wish) -> bool:
    """Whether more than MANY records would change; nothing is read once that is known."""
    look = _Look(context, wish)
    return any(look.changed > MANY for _ in _look_through(look))


def _look_through(look: _Look) -> Iterator[None]:
    """Pauses after every record."""
    book, wanted = look.context.rulebook, look.wish.models
    chosen = [model for model in book.models if not wanted or model.model.id in wanted]
    for models in passes(chosen, book.schema):
        yield from _pass(look, models)


def _pass(look: _Look, models: Sequence[CompiledModel]) -> Iterator[None]:
    """All models of a pass together; when one may not read, each alone, and that one is left
    out."""
    context, now = look.context, look.wish.as_of or look.context.now()
    try:
        for span in divide(context, models, now).spans:
            yield from _scored(look, models, Scope(models[0].model.table, span=span), now)
    except (MissingPrivilege, MissingMetadata) as error:
        if len(models) == 1:
            look.stopped[models[0].model.id] = str(error)
        for model in models if len(models) > 1 else ():
            yield from _pass(look, (model,))


def _scored(
    look: _Look, models: Sequence[CompiledModel], scope: Scope, now: datetime
) -> Iterator[None]:
    evaluation = survey(models, look.context.store, scope, now)
    evaluation.measure()
    for result in evaluation.results():
        look.read += 1
        if result.change is not None:
            look.changed += 1
            if len(look.samples) < MANY:
                look.samples.append(result.change)
        yield
