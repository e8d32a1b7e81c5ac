"""By what a refusal to count is known, and how many counts go together."""

from __future__ import annotations

from threading import Barrier, local

import pytest

from gradesys.dataverse.counting import is_too_many
from gradesys.errors import Answer, GradesysError, PermanentError
from gradesys.span import WHOLE
from tests.dataverse.organisation import Call, Install, Reply, ok
from tests.dataverse.sample import ACCOUNTS


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


def test_a_hundred_counts_are_one_request_and_requests_go_side_by_side(install: Install) -> None:
    both, this = Barrier(2), local()

    def respond(call: Call) -> Reply:
        if not hasattr(this, "met"):
            this.met = both.wait(10)
        return ok({"value": [{"rows": 7}]})

    store, organisation = install(respond)
    assert store.sizes(ACCOUNTS, [WHOLE] * 150) == (7,) * 150
    assert organisation.https == ["POST $batch"] * 2
