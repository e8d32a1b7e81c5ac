"""By what a refusal to count is known."""

from __future__ import annotations

import pytest

from gradesys.dataverse.counting import is_too_many
from gradesys.errors import Answer, GradesysError, PermanentError


@pytest.mark.parametrize(
    ("error", "too_many"),
    [
        (PermanentError("no", Answer(400, "0x8004e023")), True),
        (PermanentError("400: AggregateQueryRecordLimit exceeded.", Answer(400)), True),
        (PermanentError("no", Answer(400, "0x80040203")), False),
        (GradesysError("no"), False),
    ],
)
def test_its_code_or_its_words_will_do(error: GradesysError, too_many: bool) -> None:
    assert is_too_many(error) == too_many
