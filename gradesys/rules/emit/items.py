"""The items that a score combines: groups with their clamps, and indicators without a group
(rules.md section 5, steps 7 and 8).
"""

from __future__ import annotations

from itertools import takewhile

from msgspec import Struct

from gradesys.rules.emit.frame import Frame


class Items(Struct, frozen=True):
    """``fixed``: the items' code in the order of their first member; None where missing indicators
    drop out, then the local ``items`` holds them. ``clamps``: the code of each limited group's sum
    before and after. ``alone``: the indicators that are items before the first group."""

    fixed: list[str] | None
    clamps: str = "{}"
    alone: tuple[str, ...] = ()


def write_items(frame: Frame) -> Items:
    """Writes the sums of groups and their clamps, or the local ``items``."""
    score = frame.model.model.score
    if score.combine == "expression":
        return Items([])
    groups = {each.node.group for each, _ in frame.scored}
    clamps = "clamps" if groups & score.groups.keys() else "{}"
    if clamps == "clamps":
        frame.writer.line("clamps = {}")
    if frame.is_excluding:
        _write_live(frame)
        return Items(None, clamps)
    ungrouped = takewhile(lambda scored: scored[0].node.group is None, frame.scored)
    return Items(_static(frame), clamps, tuple(each.name for each, _ in ungrouped))


def _static(frame: Frame) -> list[str]:
    """Items of which all members count."""
    members: dict[tuple[str, str | None], list[str]] = {}
    for each, local in frame.scored:
        group = each.node.group
        key = ("", group) if group is not None else (each.name, None)
        members.setdefault(key, []).append(local.contribution)
    return [
        texts[0] if group is None else _group(frame, group, texts)
        for (_, group), texts in members.items()
    ]


def _group(frame: Frame, group: str, members: list[str]) -> str:
    item = frame.writer.name("g", group)
    frame.writer.line(f"{item} = {' + '.join(members)}")
    return _clamped(frame, group, item)


def _clamped(frame: Frame, group: str, item: str) -> str:
    """The name of the group's item after its clamp, if it has one."""
    writer, limits = frame.writer, frame.model.model.score.groups.get(group)
    if limits is None:
        return item
    writer.line(f"if not {item}.is_finite(): too_large()")
    after = writer.clamp(writer.name("g", f"{group}_clamped"), item, limits.min, limits.max)
    writer.line(f"clamps[{group!r}] = {item}, {after}")
    return after


def _write_live(frame: Frame) -> None:
    """Items of the indicators that are not missing."""
    writer = frame.writer
    writer.line("items = {}")
    grouped: dict[str, str] = {}
    for each, local in frame.scored:
        group = each.node.group
        if group is None:
            place = f"items[{local.contribution!r}]"
            writer.line(f"if {local.own} is not None: {place} = {local.contribution}")
            continue
        key = grouped.setdefault(group, repr(writer.name("g", group)))
        added = f"items[{key}] + {local.contribution} if {key} in items else {local.contribution}"
        writer.line(f"if {local.own} is not None: items[{key}] = {added}")
    for group, key in grouped.items():
        if group in frame.model.model.score.groups:
            with writer.block(f"if {key} in items:"):
                item = writer.name("g", group)
                writer.line(f"{item} = items[{key}]")
                writer.line(f"items[{key}] = {_clamped(frame, group, item)}")
