"""The items that a score combines: groups with their clamps, and indicators without a group
(rules.md section 5, steps 7 and 8).
"""

from __future__ import annotations

from dataclasses import dataclass

from gradesys.rules.emit.frame import Frame
from gradesys.rules.model import Limits


@dataclass(frozen=True, slots=True)
class Items:
    """``fixed``: the items' code in the order of their first member; None where missing indicators
    drop out, then the local ``items`` holds them."""

    fixed: tuple[str, ...] | None


def write_items(frame: Frame) -> Items:
    """Writes the sums of groups, their clamps (local ``clamps``), or the local ``items``."""
    frame.writer.line("clamps = {}")
    if frame.model.model.score.combine == "expression":
        return Items(())
    if frame.is_excluding:
        _write_live(frame)
        return Items(None)
    return Items(tuple(_static(frame)))


def _static(frame: Frame) -> list[str]:
    """Items of which all members count."""
    members: dict[str, list[str]] = {}
    for each, local in frame.scored:
        group = each.node.group
        key = local.contribution if group is None else f"group {group}"
        members.setdefault(key, []).append(local.contribution)
    groups = {f"group {each.node.group}": each.node.group for each, _ in frame.scored}
    return [
        texts[0] if groups.get(key) is None else _group(frame, groups[key] or "", texts)
        for key, texts in members.items()
    ]


def _group(frame: Frame, group: str, members: list[str]) -> str:
    item = frame.writer.name("g", group)
    frame.writer.line(f"{item} = {' + '.join(members)}")
    limits = frame.model.model.score.groups.get(group)
    if limits is not None:
        _write_clamp(frame, group, item, limits)
    return item


def _write_live(frame: Frame) -> None:
    """Items of the indicators that are not missing."""
    writer = frame.writer
    writer.line("items = {}")
    grouped: dict[str, str] = {}
    for each, local in frame.scored:
        group = each.node.group
        if group is None:
            key = repr(local.contribution)
            writer.line(f"if {local.own} is not None: items[{key}] = {local.contribution}")
            continue
        key = grouped.setdefault(group, repr(writer.name("g", group)))
        added = f"items[{key}] + {local.contribution} if {key} in items else {local.contribution}"
        writer.line(f"if {local.own} is not None: items[{key}] = {added}")
    for group, key in grouped.items():
        limits = frame.model.model.score.groups.get(group)
        if limits is not None:
            with writer.block(f"if {key} in items:"):
                item = writer.name("g", group)
                writer.line(f"{item} = items[{key}]")
                _write_clamp(frame, group, item, limits)
                writer.line(f"items[{key}] = {item}")


def _write_clamp(frame: Frame, group: str, item: str, limits: Limits) -> None:
    writer = frame.writer
    writer.line(f"if not {item}.is_finite(): too_large()")
    writer.line(f"before = {item}")
    for limit, sign in ((limits.min, "<"), (limits.max, ">")):
        if limit is not None:
            bound = writer.number(limit).text
            writer.line(f"if {item} {sign} {bound}: {item} = {bound}")
    writer.line(f"clamps[{group!r}] = before, {item}")
