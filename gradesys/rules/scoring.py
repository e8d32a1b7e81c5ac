"""One record in one model: values, points, score, grade and reasons (rules.md section 5).

What is computed is the model's generated function; here it gets its decimal context, in which each
operation gives 28 digits, and its errors a name.
"""

from __future__ import annotations

from decimal import DecimalException, getcontext

from gradesys.errors import RecordError
from gradesys.rules.arithmetic import CONTEXT, computing
from gradesys.rules.compile import CompiledModel
from gradesys.rules.scorecard import Scorecard
from gradesys.rules.state import Snapshot
from gradesys.rules.tally import Facts


def score_record(model: CompiledModel, facts: Facts, previous: Snapshot) -> Scorecard:
    """The scorecard of one record; ``previous`` is the end of the local day before (section 6).

    Whoever scores many opens ``computing()`` once for all of them. Raises RecordError where the
    record cannot be scored.
    """
    if getcontext() is not CONTEXT:
        with computing():
            return score_record(model, facts, previous)
    try:
        card: Scorecard = model.scorer.run(facts, previous)
    except DecimalException as error:
        raise RecordError("a number is too large") from error
    return card
