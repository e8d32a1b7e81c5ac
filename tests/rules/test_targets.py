"""Scored rows are kept in whatever form they come."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from gradesys.records import Page, Read, Row, Typed
from gradesys.rules.places import Places
from gradesys.rules.targets import Targets

READ = Read("account", ("accountid",), key="accountid", target="account")


def cut(*ids: str) -> Page:
    """A page of which only some typed rows were left, as a partition leaves them."""

    def row(each: Any) -> Row:
        return {"accountid": each.c0}

    return Page(READ, (), typed=Typed([SimpleNamespace(c0=id) for id in ids], row))


def test_typed_rows_of_another_maker_are_kept_like_the_first() -> None:
    targets = Targets(0, "accountid", Places())
    for page in (cut("a1", "a2"), cut("a3")):
        targets.add(page)
    assert list(targets.ids) == ["a1", "a2", "a3"]
    assert [targets.row(id)["accountid"] for id in targets.ids] == ["a1", "a2", "a3"]
    assert not targets.is_typed
