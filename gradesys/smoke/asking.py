"""Asks one question after the other; a question that cannot be asked stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from gradesys.errors import GradesysError, PermanentError
from gradesys.smoke.bench import Bench
from gradesys.smoke.question import Answer, Question, unasked

LONGEST_S = 12 * 60.0
"""After that nothing more is begun, so that sweeping ends within a quarter of an hour."""


class Finding(Struct, frozen=True):
    """A question with its answer."""

    question: Question
    answer: Answer


def ask_all(
    bench: Bench, questions: Sequence[Question], show: Callable[[str], None]
) -> Iterator[Finding]:
    """The findings, one by one; ``show`` is told what is going on."""
    ends = bench.clock() + LONGEST_S
    for number, question in enumerate(questions, 1):
        show(f"[{number}/{len(questions)}] {question.text}")
        late = bench.clock() >= ends
        yield Finding(question, unasked("time is over") if late else _asked(bench, question))


def _asked(bench: Bench, question: Question) -> Answer:
    try:
        return question.ask(bench)
    except PermanentError as error:
        return unasked(str(error))
    except GradesysError as error:
        return unasked(f"{type(error).__name__}: {error}")
