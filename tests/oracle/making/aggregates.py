"""Aggregate indicators: one hop for "line"; paths, order, decay and hierarchy for "full"."""

from tests.oracle.making.filters import light_filter, random_filter
from tests.oracle.making.paths import PATHS
from tests.oracle.making.schema import DATES, NUMERIC, children, columns
from tests.oracle.making.setting import Setting
from tests.oracle.making.windows import window
from tests.oracle.values import Node

Keys = dict[str, Node]
_ANY_KIND = ("state", "amount", "text", "flag", *DATES)
_NUMBERS = (*NUMERIC, "flag")
_CONDITIONAL = ("all", "none", "share")
# op -> the kinds of column it takes; none for ops that count rows
_TAKES: dict[str, tuple[str, ...]] = {
    "count": (),
    "sum": _NUMBERS,
    "avg": _NUMBERS,
    "median": _NUMBERS,
    "stddev": _NUMBERS,
    "min": _ANY_KIND,
    "max": _ANY_KIND,
    "mode": _ANY_KIND,
    "count_distinct": _ANY_KIND,
    "any": (),
    "all": (),
    "none": (),
    "share": (),
    "first": _ANY_KIND,
    "last": _ANY_KIND,
}
OPS = {
    "line": ["sum", "sum", "count", "count", *(op for op in _TAKES if op not in ("first", "last"))],
    "full": ["sum", "count", *_TAKES],
}
_SAME_KIND = ("min", "max", "mode", "first", "last")
_FLAGS = ("any", "all", "none")


def aggregate(setting: Setting, scored: str) -> tuple[Keys, str]:
    """The keys of an aggregate indicator over rows of a child table, and the kind of its value."""
    reach = _reach(setting, scored)
    of = reach["of"]
    op = setting.pick(OPS[setting.level])
    spec: Keys = {"type": "aggregate", **reach, "op": op}
    kind = _operand(setting, spec, of)
    if op in _CONDITIONAL:
        spec["filter"] = random_filter(setting, of)
        if setting.chance(0.4):
            spec["among"] = random_filter(setting, of, 0)
    elif setting.chance(0.6):
        weak = setting.chance(0.5)
        spec["filter"] = light_filter(setting, of) if weak else random_filter(setting, of)
    if setting.chance(0.5):
        spec["window"] = {"date": _date_column(setting, of), **window(setting)}
    return {**spec, **(_refined(setting, op, of) if setting.full else {})}, kind


def _operand(setting: Setting, spec: Keys, of: str) -> str:
    """Add the column (or the row expression) of the op; the kind of the aggregate's value."""
    op = spec["op"]
    if op in _FLAGS:
        return "flag"
    if not _TAKES[op]:
        return "number"
    if setting.full and op not in ("mode", "count_distinct") and setting.chance(0.2):
        spec["row_expression"] = _row_expression(setting, of)
        return "number"
    column, kind = setting.pick(columns(of, _TAKES[op], dotted=setting.chance(0.15)))
    spec["column"] = column
    if op in _SAME_KIND:
        return "number" if kind in NUMERIC else kind
    return "number"


def _row_expression(setting: Setting, of: str) -> str:
    day = setting.pick(columns(of, ("day",), dotted=False))[0]
    amount = setting.pick(columns(of, ("amount",), dotted=False))[0]
    return setting.pick(
        [
            f"days_between(createdon, {day})",
            f"{amount} * 2 - coalesce(statecode, 0.1)",
            f"{amount} / (statecode - 1)",
            f"round({amount}, 1) if {day} >= today() else null",
        ]
    )


def _date_column(setting: Setting, of: str) -> str:
    return setting.pick(columns(of, DATES, dotted=setting.chance(0.1)))[0]


def _reach(setting: Setting, scored: str) -> Keys:
    of, lookup = setting.pick(children(scored))
    hierarchy = _hierarchy(setting, scored)
    if not setting.full or setting.chance(0.6):
        return {"of": of, "lookup": lookup, **hierarchy}
    path = [_filtered(setting, hop) for hop in setting.pick(PATHS[scored])]
    end = _end(path[-1])
    if setting.chance(0.6):
        return {"of": end, "path": path, **hierarchy}
    also = [other for other in PATHS[scored] if _end(other[-1]) == end]
    return {"of": end, "paths": [path, setting.pick(also)], **hierarchy}


def _filtered(setting: Setting, hop: Keys) -> Keys:
    return {**hop, "filter": light_filter(setting, _end(hop))} if setting.chance(0.3) else hop


def _end(hop: Keys) -> str:
    return str(hop.get("child") or hop.get("parent") or hop["many"])


def _hierarchy(setting: Setting, scored: str) -> Keys:
    if not setting.full or scored != "account" or not setting.chance(0.2):
        return {}
    depth = {"depth": setting.dice.randint(1, 3)} if setting.chance(0.6) else {}
    own = {"include_self": setting.chance(0.5)} if setting.chance(0.4) else {}
    return {"hierarchy": {"lookup": "parentaccountid", **depth, **own}}


def _refined(setting: Setting, op: str, of: str) -> Keys:
    """order_by, limit and decay."""
    keys: Keys = {}
    if op in ("first", "last") or setting.chance(0.2):
        kinds = (*NUMERIC, "text", *DATES)
        chosen = setting.some(columns(of, kinds, dotted=setting.chance(0.1)), 1, 2)
        keys["order_by"] = [{"column": c, **_direction(setting)} for c, _ in chosen]
        if op not in ("first", "last") or setting.chance(0.2):
            keys["limit"] = setting.dice.randint(1, 4)
    if op in ("sum", "count") and setting.chance(0.3):
        keys["decay"] = {"date": _date_column(setting, of), **_decay(setting)}
    return keys


def _direction(setting: Setting) -> Keys:
    return {"desc": setting.chance(0.8)} if setting.chance(0.5) else {}


def _decay(setting: Setting) -> Keys:
    length = setting.pick(["30 days", "1 day", "2 weeks", "365 days"])
    rate = setting.pick([0, 1, 0.5])
    return setting.pick([{"half_life": length}, {"every": length, "rate": rate}, {"until": length}])
