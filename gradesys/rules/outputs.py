"""From a scorecard to column values, and whether they are worth writing (architecture section 3).

ROLES is the table of output roles. Only a difference in a compared role makes a change; the other
roles are carried along with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from gradesys.records import Column, Kind, Row, Schema, Value
from gradesys.rules.choices import grade_options, word_options
from gradesys.rules.clock import Calendar, Moment
from gradesys.rules.explanation import STORED_LENGTH, explanation_text
from gradesys.rules.fitting import Result, Target, fit
from gradesys.rules.model import RuleModel
from gradesys.rules.scorecard import Scorecard
from gradesys.rules.state import NOTHING, DayState, Grade, Snapshot, read_state, write_state

STATUS = "status"
CURRENT, PARKED = "current", "parked"


class Role(Struct, frozen=True):
    """``tell`` takes the result out of a scorecard; ``compared`` results make a change.

    ``written`` False: ``status_values`` fills the column, a scorecard only clears it.
    """

    tell: Callable[[Scorecard, RuleModel, Column], Result | None]
    compared: bool = False
    options: str = ""
    written: bool = True


class Output(Struct, frozen=True):
    """One output column of a model."""

    role: str
    target: Target
    model: RuleModel

    @property
    def column(self) -> Column:
        """Where it is stored."""
        return self.target.column

    def value(self, card: Scorecard) -> Value:
        """What to store, fitted to the column. Raises RecordError where it does not fit."""
        return fit(self.target, ROLES[self.role].tell(card, self.model, self.target.column))


class Outputs(tuple[Output, ...]):
    """The output columns of a model, sorted once for the millions of records that are compared."""

    @cached_property
    def compared(self) -> tuple[tuple[str, Callable[[Scorecard], Value]], ...]:
        """What to store in those in which a difference makes a change, by column."""
        return tuple((o.column.name, o.value) for o in self if ROLES[o.role].compared)

    @cached_property
    def carried(self) -> tuple[tuple[str, Callable[[Scorecard], Value]], ...]:
        """What to store in those that are written along with a change, by column."""
        roles = ((o, ROLES[o.role]) for o in self)
        return tuple((o.column.name, o.value) for o, r in roles if r.written and not r.compared)

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """Column names by role."""
        return {output.role: output.column.name for output in self}

    @cached_property
    def kept(self) -> frozenset[str]:
        """What only the state keeps, of all that a change of it would be told by."""
        return _TOLD - self.columns.keys() if "state" in self.columns else frozenset()


def compile_outputs(model: RuleModel, schema: Schema | None, calendar: Calendar) -> Outputs:
    """The output columns that exist; none without metadata."""
    if schema is None or model.table not in schema:
        return Outputs()
    columns = schema[model.table].columns
    wanted = {role: getattr(model.output, role) for role in ROLES}
    return Outputs(
        Output(role, Target(columns[name], calendar, _options(model, role, columns[name])), model)
        for role, name in wanted.items()
        if name in columns
    )


def columns_read(outputs: Iterable[Output], leave: str) -> frozenset[str]:
    """The output columns that a comparison needs; all of them where they may be cleared."""
    return frozenset(
        output.column.name
        for output in outputs
        if leave == "clear" or ROLES[output.role].compared or output.role in _READ
    )


def changed_values(outputs: Outputs, card: Scorecard, row: Row) -> dict[str, Value]:
    """All output columns when a compared one differs from the stored row, else nothing."""
    values, differs = {}, False
    for name, value in outputs.compared:
        values[name] = value(card)
        differs = differs or values[name] != row.get(name)
    if not differs and not _state_moved(outputs, card, row):
        return {}
    return values | {name: value(card) for name, value in outputs.carried}


def cleared_values(outputs: Iterable[Output], row: Row) -> dict[str, Value]:
    """Null for every output column, when one is not yet null (``leave: clear``)."""
    names = [output.column.name for output in outputs]
    return dict.fromkeys(names) if any(row.get(name) is not None for name in names) else {}


def status_values(outputs: Outputs, row: Row, parked: bool) -> dict[str, Value]:
    """The status column where it must change: parked now, or parked until now. A record that never
    was parked has none."""
    if STATUS not in outputs.columns:
        return {}
    was = status_told(outputs, PARKED)
    if all(parked == (row.get(name) == value) for name, value in was.items()):
        return {}
    return was if parked else status_told(outputs, CURRENT)


def status_told(outputs: Iterable[Output], word: str) -> dict[str, Value]:
    """The status column with this word, where there is one."""
    return {
        output.column.name: fit(output.target, word) for output in outputs if output.role == STATUS
    }


def stored_snapshot(outputs: Outputs, row: Row, moment: Moment) -> tuple[Snapshot, str]:
    """What today's evaluation starts from, and a note when the stored state cannot be read."""
    columns = outputs.columns
    text = row.get(columns["state"]) if "state" in columns else None
    if text is None:
        return NOTHING, ""
    state = read_state(text) if isinstance(text, str) else None
    if state is None:
        return NOTHING, "the stored state cannot be read and is ignored"
    previous = state.previous(moment.today)
    if previous.grade_since is None and "grade_since" in columns:
        since = moment.local_date(row.get(columns["grade_since"]))
        previous = replace(previous, grade_since=since)
    return previous, ""


def _state_moved(outputs: Outputs, card: Scorecard, row: Row) -> bool:
    """True when a value that only the state keeps differs from the one stored there."""
    if not outputs.kept:
        return False
    text = row.get(outputs.columns["state"])
    state = read_state(text) if isinstance(text, str) else None
    now, snapshot = NOTHING if state is None else state.now, card.snapshot
    return any(getattr(now, name) != getattr(snapshot, name) for name in outputs.kept)


def _options(model: RuleModel, role: str, column: Column) -> Mapping[Grade, Decimal]:
    if column.kind is not Kind.CHOICE:
        return {}
    return OPTIONS[ROLES[role].options](model, column)


def _grade_options(model: RuleModel, column: Column) -> Mapping[Grade, Decimal]:
    return grade_options(model.grades, column)


def _state(card: Scorecard, model: RuleModel, column: Column) -> Result | None:
    return write_state(DayState(card.today, card.previous, card.snapshot))


def _explanation(card: Scorecard, model: RuleModel, column: Column) -> Result | None:
    return explanation_text(model, card, min(STORED_LENGTH, column.length or STORED_LENGTH))


def _trend(card: Scorecard, model: RuleModel, column: Column) -> Result | None:
    if card.score is None or card.previous.score is None:
        return None
    if card.score == card.previous.score:
        return "steady"
    return "up" if card.score > card.previous.score else "down"


_TOLD = frozenset({"earned", "grade", "score", "below_since"})
_READ = frozenset({"state", "grade_since", STATUS})
"""Roles that are not compared and yet matter: tomorrow starts from them, or they must be undone."""
OPTIONS: Mapping[str, Callable[[RuleModel, Column], Mapping[Grade, Decimal]]] = {
    "": lambda model, column: {},
    "grade": _grade_options,
    "word": lambda model, column: word_options(column),
}
ROLES: Mapping[str, Role] = {
    "score": Role(lambda card, model, column: card.score, compared=True),
    "grade": Role(lambda card, model, column: card.grade, compared=True, options="grade"),
    "raw_grade": Role(lambda card, model, column: card.raw_grade, compared=True, options="grade"),
    "reasons": Role(lambda card, model, column: ",".join(card.reasons) or None, compared=True),
    "below_since": Role(lambda card, model, column: card.below_since, compared=True),
    "explanation": Role(_explanation),
    "scored_on": Role(lambda card, model, column: card.as_of),
    "state": Role(_state),
    "model_version": Role(lambda card, model, column: card.version),
    "trend": Role(_trend, options="word"),
    "previous_score": Role(lambda card, model, column: card.previous.score),
    "previous_grade": Role(lambda card, model, column: card.previous.grade, options="grade"),
    "grade_since": Role(lambda card, model, column: card.grade_since),
    STATUS: Role(lambda card, model, column: None, options="word", written=False),
}
