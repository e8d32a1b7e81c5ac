"""The Recompute button: a checked wish, one durable run, and a row that tells how it went."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gradesys.button import BadPress, Press, read_press, receive_press
from gradesys.changes import Fate
from gradesys.engine import Context
from gradesys.live.handling import handle
from gradesys.records import Event
from gradesys.runrow import STATES
from tests.engine.world import ALL, context_of, small_org, work

RUN = "11111111-2222-4333-8444-555555555555"
A1 = "a1000000-0000-4000-8000-000000000001"


def pressed(parameters: Mapping[str, Any]) -> Press:
    """The press that a gs_Recompute event with these parameters stands for."""
    return read_press(Event("gs_Recompute", "", "", "", parameters=parameters))


def press_and_work(context: Context, press: Press) -> None:
    """Receive a press and do its work."""
    receive_press(context, press)
    (message,) = context.marks.claim(1)
    handle(context, [message], ALL)


@pytest.mark.parametrize(
    ("ids", "read"),
    [
        (f'["{A1}"]', (A1,)),
        (f'["{{{A1.upper()}}}"]', (A1,)),
        ("", None),
        (None, None),
        ("[]", None),
    ],
)
def test_ids_are_a_list_of_guids_or_empty_for_all(ids: str | None, read: object) -> None:
    assert pressed({"Table": "account", "Ids": ids, "RunId": RUN}).ids == read


@pytest.mark.parametrize(
    "parameters",
    [
        {"Table": "account", "Ids": "[]", "RunId": "x"},
        {"Table": "account", "Ids": "not json", "RunId": RUN},
        {"Table": "account", "Ids": '["x"]', "RunId": RUN},
        {"Table": "account", "Ids": "7", "RunId": RUN},
        {"Table": "", "Ids": "[]", "RunId": RUN},
        {},
    ],
)
def test_parameters_that_make_no_sense_are_refused(parameters: Mapping[str, Any]) -> None:
    with pytest.raises(BadPress):
        pressed(parameters)


def test_a_press_recomputes_its_records_and_reports_in_its_run_row(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)
    press_and_work(context, Press(RUN, "account", ("a1",)))
    run = org.tables["gs_run"][RUN]
    assert org.score() == Decimal(10)
    assert (run["gs_state"], run["gs_total"], run["gs_written"]) == (STATES["done"], 1, 1)
    work(context)
    assert org.tables["salesorder"]["o1"]["gs_score"] == Decimal(10)


def test_a_press_for_all_is_a_resync_of_the_table(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)
    press_and_work(context, Press(RUN, "account", None))
    assert org.tables["gs_run"][RUN]["gs_state"] == STATES["running"]
    work(context)
    run = org.tables["gs_run"][RUN]
    assert (org.score(), run["gs_state"], run["gs_done"]) == (Decimal(10), STATES["done"], 1)


def test_a_table_without_rules_fails_with_a_reason(tmp_path: Path) -> None:
    org = small_org()
    press_and_work(context_of(org, tmp_path), Press(RUN, "lead", None))
    run = org.tables["gs_run"][RUN]
    assert run["gs_state"] == STATES["failed"]
    assert run["gs_message"] == "no active rule scores the table lead"


def test_trouble_for_now_keeps_the_press_for_another_try(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)
    org.fates["a1"] = Fate.FAILED
    press_and_work(context, Press(RUN, "account", ("a1",)))
    assert context.marks.stats().dirty == 1
    assert org.tables["gs_run"][RUN]["gs_state"] == STATES["running"]


def test_the_same_press_delivered_twice_is_one_run(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)
    for _ in range(2):
        receive_press(context, Press(RUN, "account", ("a1",)))
    assert context.marks.stats().dirty == 1
