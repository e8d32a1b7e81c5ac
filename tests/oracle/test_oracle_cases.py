"""The hand-worked case files judge the judge."""

from pathlib import Path

import pytest

from tests.oracle.cases import Case, read_cases

_HERE = Path(__file__).parent
_CASES = [
    pytest.param(case, id=f"{path.stem}: {case.name}")
    for path in sorted((_HERE / "cases").glob("*.yaml"))
    for case in read_cases(path, _HERE / "packs")
]


@pytest.mark.parametrize("case", _CASES)
def test_the_oracle_agrees_with_the_hand_computation(case: Case) -> None:
    assert case.differences() == []
