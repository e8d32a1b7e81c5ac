"""Rule files as data: YAML 1.2's scalars, nothing that hides, and a place for every key."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from gradesys.errors import RuleError
from gradesys.rules.document import load_document
from gradesys.rules.keys import Flag


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("010", Decimal(10)),
        ("-.5", Decimal("-0.5")),
        ("1.", Decimal(1)),
        ("+1e3", Decimal(1000)),
        ("0.1", Decimal("0.1")),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("True", "True"),
        ("NULL", "NULL"),
        ("yes", "yes"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("12:30", "12:30"),
        (".inf", ".inf"),
        ("1e", "1e"),
        ("2026-03-21", "2026-03-21"),
        ("'12'", "12"),
        ('""', ""),
        ("۱۲", "۱۲"),
    ],
)
def test_a_scalar_is_read_as_yaml_1_2_does(text: str, value: object) -> None:
    read = load_document(f"key: {text}", "t").data["key"]
    assert (type(read), read) == (type(value), value)


def test_numbers_keep_every_digit_and_true_is_not_one_as_a_key() -> None:
    data = load_document("{1: a, true: b, '1': c, 1.50: d}", "t").data
    assert data == {Decimal(1): "a", Flag.TRUE: "b", "1": "c", Decimal("1.5"): "d"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: 1\na: 2", "t:2:1: a: key 'a' is there twice"),
        ("1: x\n1.0: y", "t:2:1: 1.0: key '1.0' is there twice"),
        ('{"a": 1, "a": 2}', "t:1:10: a: key 'a' is there twice"),
        ("a: &x 1", "t:1:4: a: anchors (&x) are not allowed"),
        ("a: *x", "t:1:4: a: aliases (*x) are not allowed"),
        ("a: !!str 1", "t:1:4: a: tags (tag:yaml.org,2002:str) are not allowed"),
        ("a: !x {b: 1}", "t:1:4: a: tags (!x) are not allowed"),
        ("%TAG ! tag:x\n---\na: 1", "t:1:1: tags are not allowed"),
        ("--- a\n--- b", "t:2:1: a second document in one file"),
        ("? [a]\n: 1", "t:1:3: a map key must be text, a number, true or false"),
        ("~: 1", "t:1:1: None: a map key must be text, a number, true or false"),
        ("a: 1" + "0" * 400, "t:1:4: a: number with more than 400 digits"),
        ("a: 1e500", "t:1:4: a: number with more than 400 digits"),
        ("a: 1e99999999999", "t:1:4: a: number with more than 400 digits"),
        ("a: [", "t:2:1: while parsing a flow node: did not find expected node content"),
        ("a: b: c", "t:1:5: mapping values are not allowed in this context"),
        ("a:\n  b: \x07", "t:2:6: character 7: control characters are not allowed"),
        ("a: \ud800", "t:1:4: half a surrogate pair is not a character"),
        ("a: " + "x" * 300_000, "t:1:1: larger than 262144 bytes (300003)"),
    ],
)
def test_what_is_refused_is_named_with_its_place(text: str, complaint: str) -> None:
    with pytest.raises(RuleError) as caught:
        load_document(text, "t")
    assert str(caught.value) == complaint


@pytest.mark.parametrize("text", ["[" * 31, "[" * 100_000, '{"a": ' * 40_000, "- " * 31 + "x"])
def test_depth_is_bounded_before_anything_recurses(text: str) -> None:
    with pytest.raises(RuleError, match="nested more than 30 levels deep"):
        load_document(text, "t")


def test_thirty_levels_are_allowed_in_yaml_and_json() -> None:
    text = "[" * 30 + "]" * 30
    assert load_document(text, "t").data == load_document(f"# yaml\n{text}", "t").data


def test_all_complaints_come_at_once_in_order_of_place() -> None:
    with pytest.raises(RuleError) as caught:
        load_document("a: &x 1\nb: !y 2\na: 3", "t")
    assert [problem.place for problem in caught.value.problems] == ["t:1:4", "t:2:4", "t:3:1"]


def test_reading_stops_after_a_hundred_complaints() -> None:
    with pytest.raises(RuleError) as caught:
        load_document("a: 1\n" * 500, "t")
    assert len(caught.value.problems) == 100


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), "t:2:1"),
        (("a",), "t:2:1"),
        (("a", "list", 1), "t:4:5"),
        (("a", "list", 1, "x"), "t:4:6"),
        (("a", "nothing", "there"), "t:2:1"),
    ],
)
def test_a_path_has_the_place_of_its_key_or_of_its_nearest_parent(
    path: tuple[object, ...], place: str
) -> None:
    document = load_document("# comment\na:\n  list: [1,\n    {x: 1}]\n", "t")
    assert document.place(path) == place


def test_json_is_read_like_yaml_and_has_places_too() -> None:
    text = '{"a": [1.50, "\\ud83d\\ude00", null, true], "b": {"1": "سلام"}}'
    document = load_document(text, "t")
    assert document.data == {"a": [Decimal("1.5"), "😀", None, True], "b": {"1": "سلام"}}
    assert document.place(("a",)) == "t:1:1"  # YAML knows no surrogate pairs: the nearest parent
    assert load_document('{"a": {"b": 1}}', "t").place(("a", "b")) == "t:1:8"


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": "\\ud83d x"}', '{"a": 1,}', "{a: 1}"])
def test_what_json_is_not_sure_of_goes_through_yaml(text: str) -> None:
    try:
        data = load_document(text, "t").data
    except RuleError as error:
        assert "invalid Unicode" in str(error)
    else:
        assert data in ({"a": "NaN"}, {"a": Decimal(1)})


def test_a_large_document_is_read_when_the_caller_allows_it() -> None:
    name = '"name"'
    rows = [{"id": f"i{number}", "n": number / 2} for number in range(20_000)]
    text = json.dumps({"tables": {"invoice": rows}, "cases": [{"name": "x"}]})
    document = load_document(text, "t", limit=10_000_000)
    assert document.data["tables"]["invoice"][3] == {"id": "i3", "n": Decimal("1.5")}
    assert document.place(("cases", 0, "name")) == f"t:1:{text.index(name) + 1}"
    assert load_document(f"# yaml\n{text}", "t", limit=10_000_000).data == document.data
