"""Batches seen through: parts that failed for a moment are sent again.

A read that came before a write that had to be repeated is repeated too, so that every answer to a
GET tells what was there after the last write.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from gradesys.dataverse.answers import PartResponse
from gradesys.dataverse.batch import Part
from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import keep_trying
from gradesys.errors import TemporaryError

BATCH_LIMIT = 100
"""Parts of one request; Dataverse takes 1,000, and advises small ones (dataverse.md 3.7)."""


class _PartFailed(TemporaryError):
    """Some part of a batch failed for a moment; a failure of the whole is another error."""


def send_all(client: Client, parts: Sequence[Part]) -> list[PartResponse]:
    """The answers to ``parts``, by one HTTP request for each 100 of them when nothing fails. What
    still fails after retries is in its answer; only a failure of a whole batch raises."""
    answers: list[PartResponse] = []
    for start in range(0, len(parts), BATCH_LIMIT):
        answers += _send(client, parts[start : start + BATCH_LIMIT])
    return answers


def _send(client: Client, parts: Sequence[Part]) -> list[PartResponse]:
    answers: dict[int, PartResponse] = {}
    pending = list(range(len(parts)))

    def attempt() -> None:
        answers.update(zip(pending, client.batch([parts[i] for i in pending]), strict=True))
        errors = {i: error for i in pending if (error := _passing(answers[i]))}
        if errors:
            pending[:] = _to_repeat(parts, errors)
            error = next(iter(errors.values()))
            raise _PartFailed(str(error), error.answer, error.retry_after)

    with suppress(_PartFailed):  # the caller finds it in the answers
        keep_trying(attempt, lambda error: isinstance(error, _PartFailed), client.options)
    return [answers[i] for i in range(len(parts))]


def _passing(answer: PartResponse) -> TemporaryError | None:
    error = answer.error()
    return error if isinstance(error, TemporaryError) else None


def _to_repeat(parts: Sequence[Part], failed: dict[int, TemporaryError]) -> list[int]:
    wrote = any(parts[i].method != "GET" for i in failed)
    return [i for i, part in enumerate(parts) if i in failed or (wrote and part.method == "GET")]
