"""All records at once, each alone, and the independent evaluator: one result, to the last digit.

A resync sees a whole table in one evaluation, a webhook or a button one record with narrowed reads;
both must say what the oracle says, and every explanation must add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gradesys.records import Plan, Scope
from gradesys.rules.casefile import Case, clock_of, cutpoints_of, previous_of
from gradesys.rules.cells import read_rows
from gradesys.rules.compile import CompiledModel, compile_model
from gradesys.rules.cutpoints import Cutpoints
from gradesys.rules.document import Document
from gradesys.rules.evaluation import Evaluation, Result
from gradesys.rules.explanation import explain
from gradesys.rules.parse import parse_data
from gradesys.rules.scorecard import Scorecard
from gradesys.rules.tables import MemoryTable, TableStore
from tests.oracle.evaluate import Oracle
from tests.oracle.values import exact
from tests.oracle.world import World
from tests.rules.drawn import drawn, metadata, ours
from tests.rules.narrowed import NarrowedStore
from tests.rules.test_against_oracle import told

CASES = 400
"""Models at a time; each has a few records."""
PARTS = range(0, 52 * CASES, CASES)
"""The first seeds; more than 100,000 records in all."""
ADDING = ("sum", "weighted_average")


@dataclass(frozen=True)
class Way:
    """One model over one case's rows; ``cuts`` are what a resync stored before."""

    model: CompiledModel
    case: Case
    store: TableStore

    def evaluation(self, ids: tuple[str, ...] | None, cuts: Mapping[str, Cutpoints]) -> Evaluation:
        previous = previous_of(self.case)
        evaluation = Evaluation([self.model], clock_of(self.case), previous, cuts)
        for page in self.store.pages(Plan(evaluation.reads, Scope(self.model.model.table, ids))):
            evaluation.add(page)
        return evaluation

    def together(self) -> tuple[list[Result], Mapping[str, Cutpoints]]:
        """All records, and the cut points: the case's own, or measured over all of them."""
        given = cutpoints_of(self.case, self.model.shares)
        cuts = {} if given is None else {self.model.model.id: given}
        evaluation = self.evaluation(None, cuts)
        if self.model.ranked and given is None:
            cuts = dict(evaluation.measure())
        return list(evaluation.results()), cuts

    def alone(self, id: str, cuts: Mapping[str, Cutpoints]) -> Result | None:
        """One record; None where its row was narrowed away."""
        return next(self.evaluation((id,), cuts).results(), None)


def outcome_of(result: Result | None) -> Any:
    """What a result says, or that there is an error; the words differ from the oracle's."""
    return "error" if result is not None and result.errors else told(result)


def check_explanation(model: CompiledModel, card: Scorecard) -> None:
    """Contributions, clamps, base, scale and rounding are the score, exactly."""
    document = explain(model.model, card)
    places = int(model.model.score.decimals)
    assert abs(Decimal(document["rounding"])) <= Decimal(5).scaleb(-places - 1)
    pieces = [part["contribution"] for part in document["parts"]]
    pieces += [*document["groups"].values(), *(document[k] for k in ("base", "scale", "rounding"))]
    assert sum(map(Fraction, pieces)) == Fraction(document["score"])


def agree(first: int) -> None:
    """All records of ``CASES`` models, from this seed on."""
    schema, records, explained = metadata(), 0, 0
    for case in drawn("full", 20_000 + first, CASES):
        plain = ours(exact(case))
        document = Document(plain["model"], "random")
        bare, typed = (compile_model(parse_data(document), known) for known in (None, schema))
        tables = {
            name: MemoryTable(name, read_rows(name, rows, {}))
            for name, rows in plain["tables"].items()
        }
        oracle = Oracle(case["model"], World(case["tables"]), case["as_of"], case.get("cutpoints"))
        single = Way(typed, Case(0, plain), NarrowedStore(tables))
        every, cuts = Way(bare, Case(0, plain), TableStore(tables)).together()
        for result in every:
            due = oracle.evaluate(result.id, case.get("previous"))
            wanted = "error" if due.error else {name: getattr(due, name) for name in told(None)}
            assert outcome_of(result) == wanted, (case["model"], result.id)
            assert outcome_of(single.alone(result.id, cuts)) == wanted, (case["model"], result.id)
            records += 1
            card = result.cards.get("case")
            if card and card.score is not None and bare.model.score.combine in ADDING:
                check_explanation(bare, card)
                explained += 1

    print(f"{records} records, {explained} explanations add up")
    assert records >= 1_900
    assert explained > records / 8
