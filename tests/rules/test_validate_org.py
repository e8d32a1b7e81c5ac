"""What an organisation lacks is an error; what looks odd, or costs much, is a warning."""

from __future__ import annotations

import pytest

from tests.rules.validated import BANDS, COLUMN, HEAD, OUT, ROWS, found, indicators, warned


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (indicators(COLUMN.replace("creditlimit", "creditlimt")), "column: table 'account' has no"),
        (indicators("type: column, column: parentaccountid.nam"), "did you mean 'name'?"),
        (indicators("type: column, column: name.x"), "column: 'name' is no lookup"),
        (indicators("type: column, column: a.b.c.d"), "follows more than 2 lookups"),
        (
            indicators(f"{ROWS}, op: sum, column: name"),
            "column: a column of kind text cannot be used",
        ),
        (
            indicators(f"{ROWS}, op: count, window: {{date: name, last: 1 day}}"),
            "window.date: a col",
        ),
        (
            indicators(f"{ROWS.replace('invoice', 'invoce')}, op: count"),
            "of: unknown table 'invoce'",
        ),
        (
            indicators(
                "type: aggregate, of: invoice, op: count, "
                "path: [{child: contact, lookup: accountid}]"
            ),
            "path.0: the last hop ends at 'contact', not at 'invoice'",
        ),
        (
            indicators(f"{ROWS}, op: count, hierarchy: {{lookup: parentaccountid, depth: 1.5}}"),
            "hierarchy.depth: a whole number of levels is needed",
        ),
        (
            indicators("type: aggregate, of: invoice, lookup: name, op: count"),
            "lookup: a column of",
        ),
        (
            indicators("type: aggregate, of: invoice, lookup: salesorderid, op: count"),
            "lookup: 'salesorderid' of invoice points to salesorder, never to account",
        ),
        (indicators(f"{ROWS}, op: count, filter: {{statecode: paid}}"), "filter.statecode"),
        (indicators(f"{ROWS}, op: max, row_expression: totl + 1"), "row_expression"),
        (
            f"{OUT}population: {{nam: x}}\ngrades: {{{BANDS}}}",
            "population.nam: table 'account' has",
        ),
        ("id: m\ntable: acount\noutput: {score: s}", "table: unknown table 'acount'; did you mean"),
        (
            f"{HEAD}output: {{score: gs_scor}}",
            "output.score: table 'account' has no column 'gs_scor'",
        ),
        (f"{HEAD}output: {{score: name}}", "output.score: column 'name' is of kind text"),
        (f"{HEAD}output: {{score: gs_whole}}", "column 'gs_whole' keeps 0 decimals, the score 2"),
        (
            f"{HEAD}score: {{max: 101}}\noutput: {{score: gs_score}}",
            "holds 0..100, the score may be 101",
        ),
        (
            f"{HEAD}score: {{min: -1}}\noutput: {{score: gs_score}}",
            "holds 0..100, the score may be -1",
        ),
        (
            f"{OUT}grades: {{bands: [{{grade: Z}}]}}",
            "choice 'gs_grade' has no option for grade 'Z'",
        ),
        (f"{HEAD}output: {{grade: gs_whole}}\ngrades: {{{BANDS}}}", "holds numbers, not grade 'A'"),
        (f"{HEAD}output: {{trend: gs_trend, state: gs_state}}", "'gs_trend' has no option 'up'"),
        (f"{HEAD}output: {{grade: gs_grade}}", "output.grade"),
        (
            f"{OUT}lock_column: name\ngrades: {{{BANDS}}}",
            "lock_column: column 'name' is of kind text",
        ),
        (
            f"{OUT}manual: {{grade_column: gs_grad}}\ngrades: {{{BANDS}}}",
            "did you mean 'gs_grade'?",
        ),
        (
            f"{OUT}manual: {{grade_column: gs_grade, until_column: name}}\ngrades: {{{BANDS}}}",
            "manual.until_column: column 'name' is of kind text",
        ),
    ],
)
def test_what_the_organisation_lacks_is_named(text: str, complaint: str) -> None:
    assert complaint in "\n".join(found(text, org=True))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            indicators(f"{COLUMN}, scored: false"),
            "indicators.x0: is not scored and nothing uses it",
        ),
        (
            indicators(f"{COLUMN}, points: {{rules: [{{points: 1}}, {{points: 2}}]}}"),
            "points.rules.1: is never reached: rule 0 always hits",
        ),
        (
            indicators(f"{COLUMN}, weight: {{rules: [{{weight: 1}}, {{weight: 2}}]}}"),
            "weight.rules.1: is never reached",
        ),
        (
            f"{OUT}grades: {{bands: [{{grade: A}}, {{grade: B, min: 1}}]}}",
            "grades.bands.1: is never reached: band 'A' catches all that is left",
        ),
        (
            f"{OUT}score: {{max: 5}}\ngrades: {{{BANDS}}}",
            "bands.0: is never reached: the score is at",
        ),
        (
            f"{OUT}grades: {{{BANDS}}}\nscore: {{groups: {{g: {{max: 1}}}}}}",
            "no indicator is in group",
        ),
        (f"{HEAD}output: {{reasons: gs_reasons}}", "output.reasons: stays empty"),
        (indicators("type: column, column: openrevenue"), "is a rollup or calculated column"),
        (indicators(f"{ROWS}, op: sum, column: totalamount"), "'totalamount_base' is in one"),
        (
            indicators(f"{ROWS}, op: count, filter: {{modifiedon: null}}"),
            "indicators.x0: every write of invoice moves modifiedon",
        ),
    ],
)
def test_what_looks_odd_is_a_warning(text: str, complaint: str) -> None:
    assert [complaint in line for line in warned(text, org=True)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        indicators(f"{COLUMN}, scored: false", "type: expression, expression: x0"),
        indicators(
            f"{COLUMN}, scored: false",
            f"{COLUMN}, weight: {{rules: [{{if: points(x0) > 1, weight: 2}}]}}",
        ),
        f"{indicators(f'{COLUMN}, scored: false')}grades: {{by: x0, bands: [{{grade: A}}]}}",
        f"{OUT}grades: {{bands: [{{grade: A}}, {{grade: B}}], rules: [{{set: B}}]}}",
    ],
)
def test_what_is_used_somewhere_is_not_odd(text: str) -> None:
    assert warned(text) == []
