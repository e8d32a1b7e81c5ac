"""The documents are run: every YAML block grades, every command and setting is real and named."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import pytest

import dev
from gradesys.cli import gradesys
from gradesys.rules.calendars import PERIODS
from gradesys.rules.cases import run_files
from gradesys.rules.datefunctions import FUNCTIONS
from gradesys.rules.document import load_document
from gradesys.rules.folds import FOLDS
from gradesys.rules.model import Output
from gradesys.rules.operators import OPERATORS
from gradesys.rules.parse import parse_model
from gradesys.rules.sources import load_packs
from gradesys.rules.validate import check_model
from gradesys.settings import Settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[tuple[str, str]]:
    """Every fenced block of a language: (document and number, text)."""
    found = []
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for number, block in enumerate(re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)):
            found.append((f"{document.name} {number}", block))
    return found


def command_lines() -> list[str]:
    """Every command of the documents' shell blocks, without its comment."""
    lines = (line for _, block in blocks("sh") for line in block.splitlines())
    return [line.split(" #")[0].strip() for line in lines if line.strip()]


@pytest.mark.parametrize(("name", "text"), blocks("yaml"))
def test_every_yaml_block_is_a_valid_rule_file(name: str, text: str) -> None:
    packs, _ = load_packs(ROOT / "config" / "packs")
    model = parse_model(load_document(text, name), packs)
    assert not check_model(model, None).errors


@pytest.mark.parametrize("names", [FOLDS, OPERATORS, FUNCTIONS, PERIODS, Output.__struct_fields__])
def test_the_page_of_the_language_names_every_construct(names: Iterable[str]) -> None:
    page = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    assert [name for name in names if f"`{name}`" not in page] == []


def test_the_readme_opens_with_the_commands_and_a_short_rule_file() -> None:
    first = README.index("python dev.py demo")
    assert first < README.index("python dev.py test") < README.index("```yaml") < 800
    _, rules = next(block for block in blocks("yaml") if block[0].startswith("README.md"))
    assert len(rules.splitlines()) <= 25


def test_the_readmes_rule_file_grades(tmp_path: Path) -> None:
    _, rules = next(block for block in blocks("yaml") if block[0].startswith("README.md"))
    (tmp_path / "best.yaml").write_text(rules, encoding="utf-8")
    (tmp_path / "case.yaml").write_text(
        """
rules: best.yaml
tables:
  account: [{accountid: a1, statecode: 0}]
  invoice:
    - {invoiceid: i1, customerid: a1, customerid@type: account, statecode: 2,
       totalamount_base: 300000}
  opportunity:
    - {opportunityid: o1, customerid: a1, customerid@type: account, statecode: 0,
       estimatedvalue_base: 100000}
cases:
  - {name: 42 and 15, as_of: "2026-06-15T12:00:00+03:30", record: a1, expect: {score: 57, grade: B}}
""",
        encoding="utf-8",
    )
    (case,) = run_files([tmp_path / "case.yaml"], None)
    assert case.ok, case


@pytest.mark.parametrize("line", command_lines())
def test_every_command_of_the_documents_exists(line: str) -> None:
    words = line.split()
    if words[:2] == ["python", "dev.py"]:
        assert words[2] in dev.COMMANDS
        return
    assert words[0] == "gradesys", line
    command: click.Command = gradesys
    rest = words[1:]
    while rest and isinstance(command, click.Group):
        command = command.commands[rest.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= options


def all_commands(group: click.Group, path: str) -> Iterator[str]:
    """Every command with its group's name before it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from all_commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


@pytest.mark.parametrize("command", [*all_commands(gradesys, "gradesys"), *dev.COMMANDS])
def test_every_command_is_in_the_readme(command: str) -> None:
    words = command.split()
    assert re.search(rf"`[^`]*\b{words[-1]}\b|dev\.py {words[-1]}", README), command


def test_every_setting_is_in_the_readme() -> None:
    table = README[README.index("| `GRADESYS_` + ") : README.index("## Commands")]
    for field in dataclasses.fields(Settings):
        assert f"`{field.name.upper()}`" in table or f" {field.name.upper()}" in table, field.name


def test_every_command_has_help() -> None:
    for name, command in gradesys.commands.items():
        assert command.help, name


def test_azures_entry_point_only_decorates() -> None:
    text = (ROOT / "function_app.py").read_text(encoding="utf-8")
    imported = set(re.findall(r"^ *(?:from|import) ([\w.]+)", text, re.MULTILINE))
    ours = {name for name in imported if name.startswith(("gradesys", "functions"))}
    service = {"functions", "functions.trigger", "gradesys.app", "gradesys.settings"}
    assert ours == {*service, "gradesys.starting"}
