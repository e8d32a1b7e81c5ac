"""``gradesys explain``: why a record of the org, or of a case file, has its grade."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from gradesys.cli.compiled import COMPILED
from gradesys.cli.files import JSON, PACKS, packs_beside
from gradesys.cli.languages import LANG
from gradesys.cli.parked import told_of
from gradesys.cli.runs import Guid, Instant, open_app, require_table
from gradesys.errors import GradesysError, RecordError

if TYPE_CHECKING:
    from gradesys.rules.model import RuleModel
    from gradesys.rules.scorecard import Scorecard

    Found = tuple[RuleModel, Scorecard]


class Wanted(TypedDict):
    """What is explained, and how."""

    model: str | None
    as_of: datetime | None
    case: tuple[Path, str] | None
    packs: Path | None
    lang: str
    as_json: bool


@click.command()
@click.argument("table", required=False)
@click.argument("record", type=Guid(), required=False)
@click.option("--model", metavar="ID", help="Only this model.")
@click.option("--as-of", type=Instant(), help="Score as of this instant.")
@click.option(
    "--case",
    type=(click.Path(exists=True, dir_okay=False, path_type=Path), str),
    metavar="FILE NAME",
    help="Explain the record of this case of a case file, offline.",
)
@PACKS
@COMPILED
@LANG
@JSON
def explain(table: str | None, record: str | None, **wanted: Unpack[Wanted]) -> int:
    """Why does this record have this grade? Computed now; nothing is written."""
    from gradesys.cli.sheet import Sheet
    from gradesys.rules.explanation import explain as explained

    failed: dict[str, RecordError] = {}
    if wanted["case"] is not None:
        found = [_of_case(*wanted["case"], wanted)]
    elif table is None or record is None:
        raise click.UsageError("name a table and a record, or --case FILE NAME")
    else:
        found = list(_of_record(table, record, wanted, failed))
    if wanted["as_json"]:
        documents = [explained(model, card) for model, card in found]
        click.echo(json.dumps(documents, ensure_ascii=False))
    for model, card in () if wanted["as_json"] else found:
        Sheet(model, card, wanted["lang"]).show(sys.stdout)
    for name, error in failed.items():
        click.echo(f"{name}: cannot be scored: {error}", err=True)
    return 1 if failed else 0


def _of_record(
    table: str, record: str, wanted: Wanted, failed: dict[str, RecordError]
) -> Iterator[Found]:
    """What the models in force say about a row of the organisation."""
    from gradesys.engine import stale
    from gradesys.records import Key, KeyKind, Scope
    from gradesys.statistics import stored_cuts

    app = open_app()
    require_table(app, table)
    context = app.context()
    models = [
        model
        for model in context.rulebook.by_table(table)
        if wanted["model"] in (None, model.model.id)
    ]
    if not models:
        raise click.UsageError(f"no active model '{wanted['model']}' scores the table {table}")
    now, cuts = wanted["as_of"] or context.now(), stored_cuts(context.ledger, models)
    results = list(stale(models, context.store, Scope(table, (record,)), now, lambda: cuts))
    if not results:
        raise GradesysError(f"{table} {record} does not exist or is outside every population")
    failed.update(results[0].errors)
    for item in context.marks.parked([Key(KeyKind.TARGET, table, record)]):
        told = "{model} parked since {since}: {reason}; {todo}".format(**told_of(item))
        click.echo(told.strip(), err=True)
    by_id = {model.model.id: model.model for model in models}
    yield from ((by_id[name], card) for name, card in results[0].cards.items())


def _of_case(file: Path, name: str, wanted: Wanted) -> Found:
    """What the case's model says about its record."""
    from gradesys.rules.casefile import cases_of, check_file
    from gradesys.rules.cases import open_cases
    from gradesys.rules.nearest import nearest
    from gradesys.rules.sources import load_packs, read_document

    document = read_document(file)
    check_file(document)
    packs, _ = load_packs(wanted["packs"] or packs_beside([file]))
    cases = {case.name: case for case in cases_of(document.data)}
    if name not in cases:
        raise click.UsageError(f"{file} has no case '{name}'{nearest(name, cases)}")
    opened = open_cases(document, file.parent, packs)
    model = opened.models.compiled(cases[name])
    return model.model, opened.card(cases[name], wanted["as_of"])
