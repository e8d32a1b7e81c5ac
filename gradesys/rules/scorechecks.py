"""What must hold within `score`, `reasons` and the head of a model (rules.md section 10)."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

from gradesys.rules.indicatorchecks import check_ends, check_limits, check_whole
from gradesys.rules.model import RuleModel, WeightRules
from gradesys.rules.nearest import nearest
from gradesys.rules.problems import Findings

SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
MOST_DECIMALS = 10
"""What a Dataverse decimal column can hold."""


def check_head(model: RuleModel, found: Findings) -> None:
    """Errors in the id and in the list of outputs."""
    if not SLUG.fullmatch(model.id):
        found.note(("id",), f"'{model.id}' is no id: letters, digits, - and _ only")
    columns = model.output.columns
    for role, column in columns.items():
        if Counter(columns.values())[column] > 1:
            found.note(("output", role), f"column '{column}' has two roles")


def check_score(model: RuleModel, found: Findings) -> None:
    """Errors in how points become one number."""
    score = model.score
    if (score.combine == "expression") != (score.expression is not None):
        found.note(("score", "expression"), "expression and combine: expression need each other")
    if score.scale is not None:
        check_ends(score.scale, ("score", "scale"), found)
    check_limits(score.min, score.max, ("score", "max"), found)
    for name, limits in score.groups.items():
        check_limits(limits.min, limits.max, ("score", "groups", name, "max"), found)
    check_whole(score.min_indicators, 0, ("score", "min_indicators"), found)
    check_whole(score.decimals, 0, ("score", "decimals"), found)
    if score.decimals > MOST_DECIMALS:
        found.note(("score", "decimals"), f"at most {MOST_DECIMALS} decimals can be stored")
    if model.reasons is not None:
        check_whole(model.reasons.count, 0, ("reasons", "count"), found)
    if score.combine == "weighted_average":
        _check_weights(model, found)


def odd_score(model: RuleModel, found: Findings) -> None:
    """Warnings: limits of a group that has no members, columns that stay empty."""
    groups = {node.group for node in model.indicators.values() if node.group is not None}
    for name in model.score.groups.keys() - groups:
        hint = nearest(name, groups)
        found.note(("score", "groups", name), f"no indicator is in group '{name}'{hint}")
    if model.output.reasons is not None and model.reasons is None:
        found.note(("output", "reasons"), "stays empty: the model has no reasons key")


def _check_weights(model: RuleModel, found: Findings) -> None:
    weights: list[Decimal] = []
    for name, node in model.indicators.items():
        if not node.scored:
            continue
        weight = node.weight
        if isinstance(weight, WeightRules):
            possible = [*(rule.weight for rule in weight.rules), weight.otherwise]
        else:
            possible = [weight]
        weights += possible
        if min(possible) < 0:
            found.note(("indicators", name, "weight"), "an average takes no negative weight")
    if weights and not any(weights):
        found.note(("score", "combine"), "all weights are zero")
