"""The edges that ``gradesys test --generate`` finds rows for, and those that it says it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import done

RICH = """schema: gradesys/v1
id: rich
table: account
population: {all: [{statecode: 0}, {any: [{accountclass: {in: [2, 3]}}, {accountclass: 9}]}]}
indicators:
  parent: {type: column, column: parentaccountid.creditlimit,
           points: {bands: [{points: 0}, {min: 10, points: 5}]}}
  deep: {type: column, column: parentaccountid.primarycontactid.creditlimit,
         points: {bands: [{points: 0}, {min: 1, points: 5}]}}
  kinds: {type: aggregate, of: invoice, lookup: customerid, op: count_distinct, column: name,
          filter: {duedate: {gt: "@today-3"}, totalamount: {lt: 5},
                   paymenttermscode: {between: [1, 2]}, createdon: {within: {last: 3 days}},
                   description: null, not: {statecode: 3}, salesorderid.statecode: {ne: 3},
                   statuscode: {ne: 3}},
          points: {linear: {from: [0, 4], to: [0, 100]}}}
  recent: {type: aggregate, of: task, lookup: regardingobjectid, op: sum,
           column: actualdurationminutes,
           decay: {date: actualend, half_life: 30 days}, order_by: [{column: createdon}], limit: 3,
           window: {date: createdon, from: 2026-01-01},
           points: {bands: [{points: 0}, {min: 60, points: 5}]}}
  share: {type: aggregate, of: task, lookup: regardingobjectid, op: share, filter: {statecode: 1},
          points: {bands: [{points: 0}, {min: 0.5, points: 5}]}}
  named: {type: aggregate, of: invoice, lookup: customerid, op: any,
          filter: {description: {contains: x}, ordernumber: {gt: N}},
          window: {date: createdon, to: 2027-01-01}}
  sum: {type: expression, expression: parent * 2,
        points: {bands: [{points: 0}, {min: 8, points: 1}]}}
grades: {by: kinds, bands: [{grade: A, min: 3}, {grade: B}]}
output: {score: gs_score}
"""


def test_boundaries_of_a_rich_model_are_found_or_named_as_not_found(tmp_path: Path) -> None:
    (tmp_path / "rich.yaml").write_text(RICH, encoding="utf-8")
    target = tmp_path / "boundaries.yaml"
    made = done("test", tmp_path / "rich.yaml", "--generate", target)
    answer = json.loads(done("test", "--json", target).out)
    names = [case["name"] for case in answer["cases"]]
    assert answer["failed"] == 0
    reached = ("parent at 10", "kinds at 3", "kinds below 4", "recent above 60", "share at 0.5")
    for name in (*reached, "sum just below 8", "sum just at 8", "named: the last day"):
        assert name in names, (name, made.err)
    for name in ("deep at 1", "kinds below 0"):
        assert f"no rows found that give {name}" in made.err


FAR = """schema: gradesys/v1
id: far
table: account
indicators:
  x: {type: column, column: n, points: {bands: [{points: 0}, {min: 10, points: 5}]}}
  y: {type: column, column: m, points: {bands: [{points: 0}, {min: 10, points: 5}]}}
  z: {type: aggregate, of: task, lookup: regardingobjectid, op: share, filter: {statecode: 1}}
grades: {bands: [{grade: A, min: 1000}, {grade: B, min: 10}, {grade: C}]}
output: {score: gs_score}
"""
BEHIND = """schema: gradesys/v1
id: behind
table: account
indicators:
  quotes: {type: aggregate, of: quote, op: count,
           points: {bands: [{points: 0}, {min: 2, points: 5}]},
           path: [{child: opportunity, lookup: parentaccountid, filter: {statecode: 1}},
                  {child: quote, lookup: opportunityid}]}
  lists: {type: aggregate, of: list, op: count, points: {bands: [{points: 0}, {min: 1, points: 5}]},
          path: [{many: list, intersect: listmember, near: entityid, far: listid}]}
  group: {type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount,
          hierarchy: {lookup: parentaccountid, include_self: false},
          points: {bands: [{points: 0}, {min: 7, points: 5}]}}
  above: {type: aggregate, of: account, op: max, column: revenue,
          path: [{parent: account, lookup: parentaccountid}],
          points: {bands: [{points: 0}, {min: 9, points: 5}]}}
  cold: {type: aggregate, of: task, lookup: regardingobjectid, op: max, column: actualend,
         transform: days_since(value), points: {bands: [{points: 5}, {min: 30, points: 0}]}}
  solo: {type: aggregate, of: account, op: count,
         path: [{parent: account, lookup: parentaccountid}],
         points: {bands: [{points: 0}, {min: 1, points: 5}]}}
  part: {type: aggregate, of: task, lookup: regardingobjectid, op: share, filter: {subject: x},
         points: {bands: [{points: 0}, {min: 0.5, points: 5}, {min: 0.777, points: 6}]}}
  spread: {type: aggregate, of: invoice, lookup: customerid, op: stddev, column: totalamount,
           window: {date: createdon, last: 3 days}}
  odd: {type: column, column: description, scored: false}
  strict: {type: expression, expression: "odd == 'x' or odd + 1 > 0"}
  left: {type: expression, expression: 100 - group / 2,
         points: {linear: {from: [0, 90], to: [0, 9]}}}
output: {score: gs_score}
"""
HUGE = """schema: gradesys/v1
id: huge
table: account
indicators: {x: {type: column, column: n, points: {bands: [{points: 0}, {min: 1e30, points: 5}]}}}
grades: {bands: [{grade: A, min: 5}, {grade: B}]}
output: {score: gs_score}
"""
HOLE = """schema: gradesys/v1
id: hole
table: account
indicators: {x: {type: column, column: n}}
score: {combine: expression, expression: x if x < 3 or x > 900000 else x / 0}
grades: {bands: [{grade: A, min: 5}, {grade: B}]}
output: {score: gs_score}
"""


@pytest.mark.parametrize(
    ("text", "found", "missing"),
    [
        (FAR, ["score just below 10 (B)", "score just at 10 (B)"], "a score around 1000 (A)"),
        (HOLE, ["nothing is known"], "a score around 5 (A)"),
    ],
)
def test_a_limit_that_no_values_reach_is_named_as_not_found(
    tmp_path: Path, text: str, found: list[str], missing: str
) -> None:
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    made = done("test", tmp_path / "m.yaml", "--generate", tmp_path / "out.yaml")
    answer = json.loads(done("test", "--json", tmp_path / "out.yaml").out)
    assert set(found) <= {case["name"] for case in answer["cases"]}
    assert f"no rows found that give {missing}" in made.err


def generated(folder: Path, text: str) -> tuple[set[str], str]:
    """The names of the cases that are made for a model (all of them must pass), and what is said
    of the others."""
    (folder / "m.yaml").write_text(text, encoding="utf-8")
    made = done("test", folder / "m.yaml", "--generate", folder / "out.yaml")
    answer = json.loads(done("test", "--json", folder / "out.yaml").out)
    assert answer["failed"] == 0
    return {case["name"] for case in answer["cases"]}, made.err


def test_edges_behind_hops_and_expressions_are_reached_and_the_others_named(
    tmp_path: Path,
) -> None:
    wanted = {"quotes below 2", "lists at 1", "group below 7", "above above 9", "part at 0.5"}
    wanted |= {"cold just below 30", "cold just at 30", "left just below 90", "left just at 90"}
    found, told = generated(tmp_path, BEHIND)
    assert wanted <= found
    for name in ("solo above 1", "part above 0.777", "spread: the last day"):
        assert f"no rows found that give {name}" in told


def test_edges_of_very_large_numbers_are_reached(tmp_path: Path) -> None:
    found, _ = generated(tmp_path, HUGE)
    edge = f"1{30 * '0'}"
    wanted = {f"x {side} {edge}" for side in ("below", "at", "above")}
    assert wanted | {"score just below 5 (A)", "score just at 5 (A)"} <= found
