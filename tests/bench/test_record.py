"""One record in every engine: the card they are given, what counts as equal, who is missing."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from bench import eight
from bench.peers.byhand import NAME as BY_HAND
from bench.peers.card import Card, read_card
from bench.peers.ours import NAME as OURS
from bench.peers.peer import Peer, grader, quantised
from bench.peers.table import gather
from bench.peers.text import banded_text, line_text, mapped_text
from bench.record import Race, UnequalError, lines, must_agree
from bench.rounds import Times, interleaved


@pytest.fixture(scope="module")
def card() -> Card:
    return read_card(eight.RULES)


@pytest.fixture(scope="module")
def here(card: Card) -> dict[str, Peer]:
    """Those that need no package."""
    found, missing = gather(card, ("ours", "byhand"))
    assert missing == []
    return {peer.name: peer for peer in found}


def test_the_card_has_eight_indicators_that_weigh_1_together(card: Card) -> None:
    assert len(card.parts) == 8
    assert sum(Decimal(str(part.weight)) for part in card.parts) == 1


def test_a_formula_that_the_peers_do_not_know_is_refused(tmp_path: Path) -> None:
    rules = tmp_path / "other.yaml"
    text = eight.RULES.read_text(encoding="utf-8")
    rules.write_text(text.replace("ratio(profit, turnover, 0)", "profit"), encoding="utf-8")
    with pytest.raises(ValueError, match="do not know"):
        read_card(rules)


def test_the_card_reads_as_conditions(card: Card) -> None:
    overdue = next(each for each in card.banded if each.column == "overdue_days")
    region = next(each for each in card.mapped if each.column == "region")
    assert banded_text(overdue) == (
        "(overdue_days >= 90.0 ? 0.0 : overdue_days >= 30.0 ? 40.0 : overdue_days >= 1.0 ? 70.0"
        " : 100.0)"
    )
    assert mapped_text(region).startswith('(region == "north" ? 50.0 : region == "south" ? 80.0')
    assert line_text(card.line) == (
        "(open_amount <= 0.0 ? 0.0 : open_amount >= 200000.0 ? 100.0 : 0.000500 * open_amount)"
    )


@pytest.mark.parametrize(
    ("told", "score"),
    [
        (57.12499999999999, "57.13"),  # 57.125 in binary, by one way of adding
        (57.125, "57.13"),
        (57.12499, "57.12"),
        (Decimal("44.61003317264586897649699973"), "44.61"),
        (100.0, "100.00"),
    ],
)
def test_a_binary_score_is_held_to_two_decimals_half_up(told: float | Decimal, score: str) -> None:
    assert quantised((told, "A")) == (Decimal(score), "A")


@pytest.mark.parametrize(
    ("score", "grade"),
    [(79.9951, "A"), (79.9949, "B"), (40.0, "C"), (19.9949, "E"), (0.0, "E")],
)
def test_a_grade_is_that_of_the_rounded_score(card: Card, score: float, grade: str) -> None:
    assert grader(card)(score) == grade


def test_by_hand_every_record_comes_out_the_same(here: dict[str, Peer]) -> None:
    must_agree([here[OURS], here[BY_HAND]], eight.rows())


def test_an_engine_that_is_off_by_a_hundredth_may_not_be_timed(here: dict[str, Peer]) -> None:
    right = here[BY_HAND]

    def wrong(answer: tuple[Decimal, str]) -> tuple[Decimal, str]:
        score, grade = right.told(answer)
        return score + Decimal("0.01"), grade

    with pytest.raises(UnequalError, match=BY_HAND.partition(" ")[0]):
        must_agree([here[OURS], right._replace(told=wrong)], eight.rows()[:3])


def test_who_is_not_installed_is_named(card: Card) -> None:
    found, missing = gather(card, ("byhand", "no_such_engine"))
    assert [peer.name for peer in found] == [BY_HAND]
    assert missing == ["no_such_engine: bench.peers.no_such_engine is not installed"]
    race = Race({OURS: Times(2e-6, 3e-6)}, {OURS: ()}, missing, 1)
    assert lines(race)[-1] == f"SKIPPED {missing[0]}"


def test_rounds_go_by_turns_after_one_that_does_not_count() -> None:
    seen: list[str] = []
    times = interleaved({name: partial(seen.append, name) for name in "AB"}, 3)
    assert "".join(seen) == "AB" + "AB" * 3
    assert all(0 <= each.best <= each.median for each in times.values())
