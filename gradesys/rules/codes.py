"""A stable code for every kind of complaint, and what to do where no near name says it already.

Whoever finds a mistake knows its own words; tools and documents want something that stays when the
words improve. So the code is told from how a complaint begins, in this one table.
"""

from __future__ import annotations

import re

from msgspec import Struct

from gradesys.errors import Problem

_MEANT = re.compile(r"did you mean '([^']*)'")


class Code(Struct, frozen=True):
    """``words``: how the complaints of this kind read. ``remedy``: what an author does about it."""

    name: str
    about: str
    words: re.Pattern[str]
    remedy: str


def _code(name: str, about: str, words: str, remedy: str) -> Code:
    return Code(name, about, re.compile(words), remedy)


CODES = (
    _code("GS002", "a key is there twice", r"^key '.*' is there twice", "remove one of the two"),
    _code("GS003", "unknown key", "^unknown key", "remove it or correct its spelling"),
    _code("GS004", "missing key", "^missing key", "add it"),
    _code(
        "GS006",
        "unknown word where only some are known",
        "^(type: )?unknown (operation|period|unit|weekday|time zone|type|operator)"
        "|^expected '|^expected (identity|input)|^a hop is a map|is no period",
        "use one of the words that the language knows",
    ),
    _code(
        "GS005",
        "value of the wrong type",
        r"^expected|^a rule file is a map|^at (least|most) \d+ entr|^a key here must be text"
        "|^a (map|list|text|column name|number|date)( of .*|, .*)? is needed"
        "|^between needs|^is_null needs|^within needs|^a map key must be",
        "write a value of the type that is expected",
    ),
    _code(
        "GS007",
        "keys that exclude each other",
        "^only one of|exclude each other|^exactly one of",
        "keep one of them",
    ),
    _code(
        "GS033",
        "needs the day state",
        "^needs output.state",
        "add the role state to output",
    ),
    _code(
        "GS008",
        "a key that another one needs",
        "^needs |^first and last need|^one of .* is needed|need each other$"
        "|^a (pack|date column) is needed",
        "add what is needed beside it",
    ),
    _code(
        "GS009",
        "in the wrong place",
        r"belongs to|^a fixed window has no|points\(\) is not available|^the column stands before",
        "move it or remove it",
    ),
    _code(
        "GS010",
        "number out of its range",
        r"^a whole number|^a rate lies|^at most \d+ decimals|an exponent lies|^a margin|"
        "^the maximum|^the two ends|^offset is a whole|number with more than|^a month is"
        "|need as many|^a percentage",
        "correct the number",
    ),
    _code("GS011", "bands out of order", "^bands must|^only the first band", "put them in order"),
    _code(
        "GS012",
        "weights of an average",
        "^all weights are zero|^an average takes no",
        "give weights above zero, or combine: sum",
    ),
    _code(
        "GS013",
        "a grade that is there twice or not at all",
        "^grade '.*' is there twice|^no band",
        "name a grade of the bands, each once",
    ),
    _code(
        "GS014",
        "extends",
        "^no such pack|extends itself$",
        "name a pack of the packs folder",
    ),
    _code(
        "GS015",
        "params",
        r"^\$|gives the key|has no param",
        "define it under params, once",
    ),
    _code(
        "GS016",
        "a name that cannot be used",
        "^the name '.*' is reserved|is also the name of a param",
        "choose another name",
    ),
    _code(
        "GS017",
        "date or duration",
        "needs an offset|^an instant with offset|is no date such|is no duration"
        "|^a decay is measured",
        "write it like the example",
    ),
    _code(
        "GS021",
        "unknown name in an expression",
        r"^(column \d+: )?unknown (name|function|indicator)",
        "use an indicator, a param or a function of the language",
    ),
    _code(
        "GS020",
        "expression that cannot be read",
        r"^column \d+: |^an expression has|^nested too deeply|^this cannot be read",
        "write it in the rule language",
    ),
    _code("GS022", "indicators that need one another", "^cycle:", "break the circle"),
    _code("GS030", "id", "is no id:|^another model has the id", "give the model an id of its own"),
    _code(
        "GS031",
        "a column with two writers",
        "has two roles$|is written by model",
        "give each result a column of its own, or switch one model off",
    ),
    _code("GS032", "models that wait for one another", "in a circle:", "break the circle"),
    _code(
        "GS034",
        "a column that every write moves",
        "^every write of",
        "use a column that only people and processes change",
    ),
    _code("GS035", "environment", "^no such model", "name a model of the rule folder"),
    _code("GS040", "unknown table", "^unknown table", "name a table of the organisation"),
    _code(
        "GS041",
        "unknown column",
        "has no column|^unknown column",
        "name a column of that table",
    ),
    _code(
        "GS042",
        "lookup that leads elsewhere",
        "is no lookup|points to .*never to|follows more than|^the last hop|ends at",
        "follow a lookup that leads to that table",
    ),
    _code(
        "GS045",
        "choice without an option",
        "has no option",
        "add the option, or run gradesys deploy",
    ),
    _code(
        "GS044",
        "output column that does not fit",
        "keeps .* decimals|holds .*, the score|holds numbers, not|needs one of",
        "choose a column that can hold it",
    ),
    _code(
        "GS043",
        "kind of column",
        "of kind|has no order$",
        "compare and fold values of one kind",
    ),
    _code(
        "GS050",
        "helper that nobody uses",
        "^is not scored and nothing",
        "use it or remove it",
    ),
    _code("GS051", "never reached", "^is never reached", "remove it or move it up"),
    _code(
        "GS052",
        "rollup or calculated column",
        "is a rollup or calculated",
        "use a stored column, or rely on the nightly resync",
    ),
    _code(
        "GS053",
        "sum over currencies",
        "^sums over currencies",
        "use the _base column",
    ),
    _code(
        "GS054",
        "something that stays empty",
        "^no indicator is in group|^stays empty",
        "fill it or remove it",
    ),
    _code(
        "GS055",
        "many records per change",
        "^one change of",
        "expect slower live updates, or leave this input to the nightly resync",
    ),
    _code(
        "GS036",
        "case file",
        "has no quantiles|^a number for each grade|^pack, rules or model is needed|^no row '"
        "|^a table is a list|^a row needs its primary key|^a cell is a scalar"
        "|^a lookup to several tables",
        "write it as the cases in config/packs/tests",
    ),
    _code("GS001", "text that is no rule file", "", "correct the text at this place"),
)
"""Tried in this order. The last one takes what no other does: what YAML says in its own words, and
what makes a file no rule file at all (its size, its encoding, aliases, tags)."""


def code_of(problem: Problem) -> Code:
    """The kind of a complaint."""
    return next(code for code in CODES if code.words.search(problem.message))


def meant(problem: Problem) -> str | None:
    """The name that was probably meant."""
    found = _MEANT.search(problem.message)
    return found[1] if found else None


def advised(problem: Problem) -> str:
    """The complaint as one sentence that also says what to do."""
    if meant(problem) is not None:
        return problem.message
    return f"{problem.message}; {code_of(problem).remedy}"
