"""Rule files to typed models: every complaint in the words of the file, with its place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from gradesys.errors import RuleError
from gradesys.rules.document import load_document
from gradesys.rules.model import AggregateIndicator, Bands, ColumnIndicator, RuleModel, ValueMap
from gradesys.rules.parse import parse_model
from gradesys.rules.rulefiles import examine, load_folder

HEAD = "schema: gradesys/v1\nid: m\ntable: account\noutput: {score: s}\n"


def model(text: str, **packs: str) -> RuleModel:
    documents = {name: load_document(pack, f"{name}.yaml") for name, pack in packs.items()}
    return parse_model(load_document(text, "m.yaml"), documents)


def complaints(text: str, **packs: str) -> list[str]:
    with pytest.raises(RuleError) as caught:
        model(text, **packs)
    return str(caught.value).splitlines()


def indicator(text: str) -> str:
    """A file with one indicator, which stands at line 5, column 18."""
    return f"{HEAD}indicators: {{x: {{{text}}}}}"


AGGREGATE = "type: aggregate, of: invoice, lookup: customerid, op: count"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("tabel: account", "m.yaml:5:1: tabel: unknown key 'tabel'; did you mean 'table'?"),
        ("leave: go", "leave: expected 'keep' or 'clear', got 'go'"),
        ("score: {decimals: '2'}", "score.decimals: expected a number, got '2'"),
        ("score: {decimals: true}", "score.decimals: expected a number, got true"),
        ("score: [1]", "m.yaml:5:1: score: expected a map, got a list"),
        ("score: {groups: {g: {mn: 1}}}", "g.mn: unknown key 'mn'; did you mean 'min'?"),
        ("params: {a: [1]}", "params.a: expected a number, text, true or false, got a list"),
        ("params: {1: 2}", "params.1: a key here must be text"),
        ("grades: {bands: []}", "grades.bands: at least 1 entry"),
        ("grades: {bands: [{min: 1}]}", "m.yaml:5:18: grades.bands.0.grade: missing key 'grade'"),
        ("grades: {bands: [{grade: true}]}", "grade: expected text or a number, got true"),
        ("grades: {bands: [{grade: A, top_percnt: 5}]}", "did you mean 'top_percent'?"),
        ("grades: {bands: [~]}", "grades.bands.0: expected a map, got nothing"),
        ("historie: true", "unknown key 'historie'; did you mean 'history'?"),
        ("indicators: {x: 3}", "indicators.x: expected a map, got 3"),
        ("indicators: {x: {}}", "indicators.x: missing key 'type' (column, aggregate, expression)"),
        (
            "indicators: {x: {type: colum}}",
            "m.yaml:5:18: indicators.x.type: unknown type 'colum'; did you mean 'column'?",
        ),
        ("score: {min: $low}", "m.yaml:5:9: score.min: $low: no such param"),
        ("params: {a: $b, b: $a}", "params.a: $b: a circle of params"),
    ],
)
def test_a_mistake_is_named_with_place_and_nearest_name(text: str, complaint: str) -> None:
    assert complaint in "\n".join(complaints(HEAD + text))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("type: column", "m.yaml:5:14: indicators.x.column: missing key 'column'"),
        ("type: column, column: x, wieght: 2", "unknown key 'wieght'; did you mean 'weight'?"),
        ("type: column, column: x, window: {}", "unknown key 'window'; known here: advice,"),
        (f"{AGGREGATE}, path: []", "indicators.x: only one of lookup, path may be given"),
        ("type: column, column: x, points: {quantiles: 5}", "points.points: missing key 'points'"),
        (
            "type: column, column: x, points: {band: []}",
            "expected identity or a map with one of bands, linear, map, rules, quantiles; did",
        ),
        ("type: column, column: x, points: {map: {true: x}}", "points.map.true: expected a number"),
        ("type: column, column: x, points: {linear: {from: [1], to: [0, 1]}}", "linear.from.1"),
        (
            "type: column, column: x, points: {linear: {from: [1, 2, 3], to: [0, 1]}}",
            "linear.from: at most 2 entries, got 3",
        ),
        (
            "type: aggregate, of: invoice, op: count, path: [{chlid: invoice, lookup: x}]",
            "path.0: a hop is a map with one of child, many, parent; did you mean 'child'?",
        ),
        ("type: column, column: x, weight: {rules: [{weight: 1, iff: y}]}", "did you mean 'if'?"),
        (f"{AGGREGATE}, order_by: [{{column: 1}}]", "order_by.0.column: expected text, got 1"),
        (f"{AGGREGATE}, window: {{last: a, period: b}}", "only one of last, period may be given"),
        (
            "type: column, column: x, points: {bands: [], map: {1: x}}",
            "m.yaml:5:43: indicators.x.points: only one of bands, map may be given",
        ),
    ],
)
def test_a_mistake_in_an_indicator_names_the_key_as_written(text: str, complaint: str) -> None:
    lines = complaints(indicator(text))
    assert len(lines) == 1
    assert complaint in lines[0]


def test_all_mistakes_of_a_file_come_at_once() -> None:
    lines = complaints("table: 5\nleave: go\nscore: {min: $low, mx: 1}")
    keys = {line.split(": ")[1] for line in lines}
    assert keys == {"schema", "id", "output", "table", "leave", "score.min", "score.mx"}


@pytest.mark.parametrize("text", ["[a]", "a", ""])
def test_a_file_that_is_no_map_is_one_complaint(text: str) -> None:
    assert complaints(text) == ["m.yaml:1:1: a rule file is a map of keys"]


def test_params_replace_whole_scalars_and_map_keys_everywhere() -> None:
    read = model(
        f"{HEAD}params: {{low: $base, base: 2, day: due, on: true, text: a $low}}\n"
        "population: {$day: {lt: '@today'}, name: a $low}\n"
        "indicators: {x: {type: column, column: $day, points: {map: {$on: $low, $base: 7}}}}\n"
    )
    x = read.indicators["x"]
    assert read.params["low"] == 2
    assert read.population == {"due": {"lt": "@today"}, "name": "a $low"}
    assert isinstance(x, ColumnIndicator)
    assert isinstance(x.points, ValueMap)
    assert x.column == "due"
    assert {str(key): points for key, points in x.points.map.items()} == {"true": 2, "2": 7}


@pytest.mark.parametrize(
    ("params", "complaint"),
    [("{a: due, b: due}", "gives the key 'due' twice"), ("{a: null, b: x}", "$a is null")],
)
def test_a_map_key_from_a_param_must_be_a_new_name(params: str, complaint: str) -> None:
    text = f"{HEAD}params: {params}\npopulation: {{$a: 1, $b: 2}}"
    assert complaint in "\n".join(complaints(text))


def test_a_null_is_an_absent_key_but_a_value_in_filters_and_params() -> None:
    read = model(
        f"{HEAD}params: {{p: null}}\npopulation: {{ownerid: null}}\nreasons: null\n"
        f"indicators: {{gone: null, x: {{{AGGREGATE}, group: null, filter: {{due: null}}}}}}"
    )
    x = read.indicators["x"]
    assert isinstance(x, AggregateIndicator)
    assert (read.params, read.population, read.reasons) == ({"p": None}, {"ownerid": None}, None)
    assert (list(read.indicators), x.group, x.filter) == (["x"], None, {"due": None})


BASE = (
    "schema: gradesys/v1\nid: base\ntable: account\noutput: {score: s}\ntitle: {en: Base}\n"
    "params: {top: 5}\n"
    "indicators: {x: {type: column, column: a, points: {map: {1: 2}, otherwise: 3}}}\n"
)


def test_extends_merges_over_a_pack_whose_id_is_not_inherited() -> None:
    read = model(
        "extends: base\nid: mine\nparams: {top: 7}\n"
        "indicators: {x: {points: {bands: [{points: $top}]}}}",
        base=BASE,
    )
    assert (read.id, read.title.en, read.table) == ("mine", "Base", "account")
    assert isinstance(read.indicators["x"].points, Bands)
    assert read.indicators["x"].points.bands[0].points == Decimal(7)


def test_packs_extend_packs() -> None:
    middle = "extends: base\nid: middle\nparams: {top: 6}"
    read = model("extends: middle\nid: mine\nscore: {max: $top}", base=BASE, middle=middle)
    assert (read.id, read.score.max) == ("mine", Decimal(6))


@pytest.mark.parametrize(
    ("text", "packs", "complaint"),
    [
        ("extends: base", {"base": BASE}, "m.yaml:1:1: id: missing key 'id' (the id of a pack"),
        ("extends: bse\nid: m", {"base": BASE}, "no such pack 'bse'; did you mean 'base'?"),
        ("extends: a\nid: m", {"a": "extends: a"}, "a.yaml:1:1: extends: 'a' extends itself"),
        (
            "extends: base\nid: m\nscore: {mx: 1}",
            {"base": BASE},
            "m.yaml:3:9: score.mx: unknown key 'mx'",
        ),
        (
            "extends: base\nid: m",
            {"base": f"{BASE}scoer: 1"},
            "base.yaml:8:1: scoer: unknown key 'scoer'; did you mean 'score'?",
        ),
        (
            "extends: base\nid: m\ngrades: {bands: [{grade: A, min: 1}, {min: high}]}",
            {"base": BASE},
            "m.yaml:3:38: grades.bands.1.grade: missing key 'grade'",
        ),
        ("extends: base\nid: m", {"base": "[a]"}, "m.yaml:1:1: table: missing key 'table'"),
    ],
)
def test_mistakes_around_packs_are_placed_where_they_were_written(
    text: str, packs: dict[str, str], complaint: str
) -> None:
    assert complaint in "\n".join(complaints(text, **packs))


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_folder_is_read_in_name_order_with_its_packs(tmp_path: Path) -> None:
    rules = write(tmp_path / "rules", b="extends: base\nid: b\noutput: {score: t}", a=HEAD)
    write(rules / "deeper", c="\ufeffextends: b\nid: c\noutput: {score: u}", cases="cases: []")
    packs = write(tmp_path / "packs", base=BASE, broken="a: [")
    assert [source.model.id for source in load_folder(rules, packs)] == ["m", "b", "c"]


def test_problems_of_all_files_come_together_and_name_broken_packs(tmp_path: Path) -> None:
    rules = write(tmp_path / "rules", a="a: [", b="extends: lost\nid: b", c=f"{HEAD}leave: go")
    (rules / "d.yaml").write_bytes(b"a: \xff")
    packs = write(tmp_path / "packs", lost="a: [")
    with pytest.raises(RuleError) as caught:
        load_folder(rules, packs)
    places = [Path(problem.place.split(":")[0]).name for problem in caught.value.problems]
    assert places == ["lost.yaml", "a.yaml", "b.yaml", "c.yaml", "d.yaml"]


def test_a_file_that_is_not_there_is_a_problem_of_its_own(tmp_path: Path) -> None:
    examined = examine([tmp_path / "no.yaml"], None)
    assert [problem.message for problem in examined.errors] == ["No such file or directory"]


def test_a_rule_may_extend_the_pack_whose_id_it_has(tmp_path: Path) -> None:
    packs = write(tmp_path / "packs", base=BASE)
    rules = write(tmp_path / "rules", base="extends: base\nid: base\nscore: {max: 9}")
    (source,) = load_folder(rules, packs)
    assert (source.model.id, source.model.score.max) == ("base", Decimal(9))


def test_packs_are_not_checked_against_one_another(tmp_path: Path) -> None:
    packs = write(tmp_path / "packs", base=BASE, twin=BASE)
    files = [packs / "base.yaml", packs / "twin.yaml"]
    assert examine(files, packs).errors == ()
    assert len(examine(files, None).errors) == 1


@pytest.mark.parametrize(
    ("one", "other", "complaint"),
    [
        (HEAD, HEAD.replace("score: s", "score: t"), "id: another model has the id 'm' too"),
        (HEAD, HEAD.replace("id: m", "id: n"), "output.score: 's' of account is written by model"),
        (
            f"{HEAD}indicators: {{x: {{type: column, column: parentaccountid.s}}}}",
            "",
            "table: models read one another's results in a circle: m -> m",
        ),
        (
            "schema: gradesys/v1\nid: a\ntable: invoice\noutput: {score: s}\n"
            "indicators: {x: {type: column, column: customerid.s}}",
            f"{HEAD}indicators: {{x: {{type: aggregate, of: invoice, lookup: customerid, op: sum, "
            "column: s}}}}".replace("}}}}", "}}"),
            "models read one another's results in a circle:",
        ),
    ],
)
def test_models_are_checked_against_one_another(
    tmp_path: Path, one: str, other: str, complaint: str
) -> None:
    files = {"one": one, **({"other": other} if other else {})}
    examined = examine(sorted(write(tmp_path, **files).iterdir()), None)
    assert [complaint in str(problem) for problem in examined.errors] == [True]
