"""A question to an organisation, and what was learned."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from gradesys.smoke.bench import Bench


class Said(StrEnum):
    """``UNASKED``: it could not be asked here, and the text says why."""

    YES = "yes"
    NO = "no"
    UNASKED = "not asked"


class Answer(Struct, frozen=True):
    """``text`` is what was seen."""

    said: Said
    text: str


class Question(Struct, frozen=True):
    """``yes`` and ``no`` tell what the answer means for scores."""

    name: str
    text: str
    ask: Callable[[Bench], Answer]
    yes: str
    no: str

    def meaning(self, answer: Answer) -> str:
        """For scores; of no answer, what is assumed: the worse."""
        return self.yes if answer.said is Said.YES else self.no


def answer(yes: bool, text: str) -> Answer:
    """A clear one."""
    return Answer(Said.YES if yes else Said.NO, text)


def unasked(why: str) -> Answer:
    """None."""
    return Answer(Said.UNASKED, why)
