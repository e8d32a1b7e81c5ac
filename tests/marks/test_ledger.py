"""What every ledger promises: small named values, swapped only by who saw the last one."""

from __future__ import annotations

from tests.marks.conftest import Place


def test_the_ledger_swaps_only_what_it_has_seen(place: Place) -> None:
    ledger = place.ledger()
    assert ledger.put_if("run/1", {"n": 1}, ledger.get("run/1").version)
    assert not ledger.put_if("run/1", {"n": 9}, 0)
    entry = ledger.get("run/1")
    assert ledger.put_if("run/1", {"n": 2}, entry.version)
    assert not ledger.put_if("run/1", {"n": 3}, entry.version)
    assert ledger.list("run/") == {"run/1": {"n": 2}}


def test_of_two_who_saw_the_same_value_one_swaps_it(place: Place) -> None:
    first, second = place.ledger(), place.ledger()
    seen = [first.get("lease"), second.get("lease")]
    assert first.put_if("lease", {"owner": "first"}, seen[0].version)
    assert not second.put_if("lease", {"owner": "second"}, seen[1].version)
    assert second.get("lease").value == {"owner": "first"}


def test_an_unknown_name_is_an_empty_value_that_cannot_be_swapped(place: Place) -> None:
    ledger = place.ledger()
    assert (ledger.get("none").value, ledger.get("none").version) == ({}, 0)
    assert not ledger.put_if("none", {"n": 1}, 3)
    assert ledger.list("") == {}


def test_values_are_listed_by_any_prefix_in_the_order_of_names(place: Place) -> None:
    ledger = place.ledger()
    names = ["run/1", "run/2", "run/10", "runs", "run%2F3", "گزارش/۱", "run~", "run=7E"]
    for name in names:
        assert ledger.put_if(name, {"name": name}, 0)
    assert list(ledger.list("run/")) == ["run/1", "run/10", "run/2"]
    assert list(ledger.list("run~")) == ["run~"]
    assert list(ledger.list("گزارش/")) == ["گزارش/۱"]
    assert list(ledger.list("")) == sorted(names)


def test_a_large_value_comes_back_as_it_was(place: Place) -> None:
    value = {"cuts": [f"شماره {n} 😀" for n in range(5_000)], "no": None, "text": "x" * 70_000}
    assert place.ledger().put_if("cuts", value, 0)
    assert place.ledger().get("cuts").value == value
