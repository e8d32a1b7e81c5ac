"""Rule files as short texts, for tests that ask what a model needs in an organisation."""

from textwrap import indent

from msgspec.structs import replace

from gradesys.rules.document import load_document
from gradesys.rules.model import RuleModel
from gradesys.rules.typed import typed

HEAD = """
schema: gradesys/v1
id: customer_grade
table: account
"""
PAID = """
indicators:
  paid: {type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount_base,
         filter: {statecode: 2}, points: {linear: {from: [0, 500000], to: [0, 100]}}, reason: low}
score: {combine: sum, min: 0, max: 100, decimals: 2}
grades:
  unknown: Unknown
  bands:
    - {grade: A, min: 80, title: {en: Excellent, fa: ممتاز}}
    - {grade: B, min: 50}
    - {grade: C}
"""
OUTPUT = """
output: {score: gs_score, grade: gs_grade, reasons: gs_reasons, explanation: gs_explanation,
         scored_on: gs_scoredon, state: gs_state, trend: gs_trend, below_since: gs_belowsince}
"""


def rule_model(*parts: str) -> RuleModel:
    """The model of a rule file that consists of these texts, after the common head."""
    return typed(RuleModel, load_document(HEAD + "".join(parts), "rules.yaml").data)


def customer_grade(output: str = OUTPUT) -> RuleModel:
    """A model with the roles that most models have."""
    return rule_model(PAID, output)


def scored(indicators: str, score: str = "{combine: sum}", table: str = "account") -> RuleModel:
    """A model of which only the score matters: indicators are one a line."""
    lines = indent(indicators.strip(), "  ")
    text = f"indicators:\n{lines}\nscore: {score}\noutput: {{score: gs_score}}\n"
    return replace(rule_model(text), table=table, id=f"{table}_score")
