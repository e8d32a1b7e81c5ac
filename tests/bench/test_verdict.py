"""A goal is met, met with the slack that was said, or missed; nothing else."""

from __future__ import annotations

import pytest

from bench.verdict import Goal


@pytest.mark.parametrize(
    ("goal", "met", "word"),
    [
        (Goal("wrong", 0, 0), True, "met"),
        (Goal("wrong", 1, 0), False, "MISSED"),
        (Goal("own time", 10, 10), True, "met"),
        (Goal("own time", 10.1, 10), False, "MISSED"),
        (Goal("own time", 12.5, 10, slack=0.25), True, "met with slack"),
        (Goal("own time", 12.6, 10, slack=0.25), False, "MISSED"),
        (Goal("times as fast", 4, 4, least=True), True, "met"),
        (Goal("times as fast", 3, 4, 0.25, least=True), True, "met with slack"),
        (Goal("times as fast", 2.9, 4, 0.25, least=True), False, "MISSED"),
        (Goal("times as fast as nobody", None, 4, 0.25, least=True), False, "MISSED"),
    ],
)
def test_what_a_goal_says_of_itself(goal: Goal, met: bool, word: str) -> None:
    assert goal.met is met
    assert goal.line().endswith(f": {word}")
