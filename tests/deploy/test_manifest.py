"""From rules, address and key to everything that an organisation must hold."""

from xml.etree import ElementTree

import pytest

from gradesys.deploy.manifest import Manifest, manifest
from gradesys.deploy.planned import with_planned
from gradesys.errors import RuleError, SettingsError
from gradesys.records import Column, Kind, Option, Table
from tests.deploy.rulefiles import customer_grade

BASE = "https://grades.example"


def of(base_url: str = BASE, key: str = "k1") -> Manifest:
    return manifest([customer_grade()], (), base_url, key)


def test_every_output_role_of_a_model_is_a_column() -> None:
    kinds = {spec.label: spec.column.kind for spec in of().columns}
    assert kinds == {
        "account.gs_score": Kind.DECIMAL,
        "account.gs_grade": Kind.CHOICE,
        "account.gs_reasons": Kind.TEXT,
        "account.gs_explanation": Kind.MEMO,
        "account.gs_scoredon": Kind.INSTANT,
        "account.gs_belowsince": Kind.DATE,
        "account.gs_state": Kind.MEMO,
        "account.gs_trend": Kind.CHOICE,
    }


def test_the_grades_are_options_with_english_and_persian_titles() -> None:
    (grade,) = (spec for spec in of().columns if spec.name == "gs_grade")
    titles = [(option.title.en, option.title.fa) for option in grade.options]
    assert titles == [("Excellent", "ممتاز"), ("B", "B"), ("C", "C"), ("Unknown", "Unknown")]


def test_two_models_cannot_write_one_column() -> None:
    with pytest.raises(RuleError, match=r"account\.gs_score is the output of two models"):
        manifest([customer_grade(), customer_grade()], (), BASE, "k")


@pytest.mark.parametrize("base_url", [BASE, f"{BASE}/", "http://127.0.0.1:8080"])
def test_the_endpoints_are_the_two_routes_below_the_base_url(base_url: str) -> None:
    root = base_url.rstrip("/")
    found = of(base_url)
    assert found.events.url == f"{root}/api/webhook"
    assert found.requests.url == f"{root}/api/recompute"


@pytest.mark.parametrize(
    "base_url", ["", "grades.example", "ftp://grades.example", "http://grades.example",
                 f"{BASE}/?x=1", f"{BASE}/#x"]
)  # fmt: skip
def test_an_unusable_base_url_is_refused(base_url: str) -> None:
    with pytest.raises(SettingsError, match="--base-url"):
        of(base_url)


@pytest.mark.parametrize("key", ["", "two\nlines", "x" * 2100])
def test_an_unusable_key_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        of(key=key)
    assert "GRADESYS_WEBHOOK_KEYS" in str(refusal.value)
    assert not key or key not in str(refusal.value)


@pytest.mark.parametrize("key", ["plain", "<&>", "both \" and '"])
def test_the_header_setting_is_xml_that_reads_back_as_the_key(key: str) -> None:
    (setting,) = ElementTree.fromstring(of(key=key).events.secret)
    assert setting.attrib == {"name": "x-gs-key", "value": key}


def test_the_mark_tells_keys_apart_and_shows_none_of_them() -> None:
    first, again, other = of(key="first"), of(key="first"), of(key="other")
    assert first.events.mark == again.events.mark != other.events.mark
    assert len(first.events.mark) == 8
    assert "first" not in repr(first)


def test_ids_do_not_depend_on_the_address_so_that_a_move_changes_the_endpoint() -> None:
    assert of(BASE).events.id == of("https://other.example").events.id


def test_the_planned_columns_complete_the_schema_without_touching_what_exists() -> None:
    own = Column("gs_grade", Kind.CHOICE, options=(Option(7, {1033: "B"}),))
    account = Table("account", "accounts", "accountid", {"gs_grade": own})
    columns = with_planned({"account": account}, of())["account"].columns
    assert columns["gs_score"].kind is Kind.DECIMAL
    labels = {option.value: option.labels[1033] for option in columns["gs_grade"].options}
    assert labels == {7: "B", 921500000: "Excellent", 921500001: "C", 921500002: "Unknown"}


def test_planned_columns_of_tables_outside_the_schema_are_left_out() -> None:
    assert with_planned({}, of()) == {}


def test_a_score_column_with_too_few_decimals_is_planned_with_enough() -> None:
    narrow = Column("gs_score", Kind.DECIMAL, places=0)
    account = Table("account", "accounts", "accountid", {"gs_score": narrow})
    assert with_planned({"account": account}, of())["account"].columns["gs_score"].places == 2
