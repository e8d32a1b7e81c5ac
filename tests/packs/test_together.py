"""Every pack on one emulated org at once: no two share a column, each is scored and stays right.

One org serves all packs, so that the whole takes little more than one of them; ``gradesys demo
--pack NAME --check`` shows each of them alone (tests/demo).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from emulator.sample import Sizes, whole_org
from gradesys.demo.events import EVENTS
from gradesys.demo.pack_check import edit_until_moved, scored_records
from gradesys.demo.user import User
from gradesys.rules.model import RuleModel
from tests.line.packed import packed
from tests.line.running import Line
from tests.packs.shipped import models

pytestmark = pytest.mark.long

ACCOUNTS = 30
MODELS = models()
NARROW = ("contractor_grade", "reseller_grade")
"""Their rows are among those that other packs edit as well, so that their turn comes first."""
BY_TURN = sorted(MODELS.values(), key=lambda model: (model.id not in NARROW, model.id))


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """A small org with every pack active and scored, and the service running."""
    rows = whole_org(datetime.now(UTC), Sizes.of(ACCOUNTS))
    with packed(tuple(MODELS.values()), rows, tmp_path_factory.mktemp("packs")) as line:
        yield line


def test_every_pack_has_an_event_for_its_check() -> None:
    assert set(EVENTS) == set(MODELS)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_the_sample_has_records_for_the_pack(line: Line, model: RuleModel) -> None:
    assert scored_records(User(line.url), model, str(model.output.score))


@pytest.mark.parametrize("model", BY_TURN, ids=lambda model: model.id)
def test_an_edit_moves_a_score_of_the_pack(line: Line, model: RuleModel) -> None:
    line.settle()  # so that no score moves by the edits of another pack
    edits, _ = edit_until_moved(User(line.url), model)
    assert edits > 0


def test_a_resync_after_all_edits_finds_nothing_but_new_ranks(line: Line) -> None:
    line.settle()
    line.resync()
    again = line.resync()
    assert (again["written"], again["failed"]) == (0, 0)
    assert line.stats()["unsupported"] == 0
