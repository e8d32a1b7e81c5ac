"""The rules against the organisation: files, tables and columns, output columns."""

from __future__ import annotations

from collections.abc import Sequence

from gradesys.activation import REMEDY, Ruleset, history
from gradesys.deploy.actions import Action
from gradesys.deploy.columns import column_action
from gradesys.deploy.inventory import read_languages
from gradesys.deploy.reading import column_definitions
from gradesys.deploy.specs import ColumnSpec
from gradesys.doctor.differences import COLUMNS_MATTER, judge
from gradesys.doctor.site import Site
from gradesys.doctor.verdicts import Cause, Verdict, ok, problem, warning
from gradesys.rules.rulebook import digests_of


def check_rules(site: Site) -> Verdict:
    """The rule files by themselves."""
    models = [source.model.id for source in site.sources]
    if not models:
        hint = "put a rule file there; gradesys schema and the packs show how"
        return warning(f"no active rule file in {site.settings.rules}", hint)
    return ok(f"active: {', '.join(models)}")


def check_in_force(site: Site) -> Verdict:
    """Whether the rules of this folder are those that instances score by."""
    found = history(site.work.ledger)
    if not found:
        return ok("none were put in force yet; the service does so with its first record")
    last, ours = found[-1], Ruleset(digests_of(site.sources), 0).hash
    if last.hash == ours:
        return ok(f"those of this folder ({ours}), since {last.at.isoformat(timespec='seconds')}")
    text = f"others ({last.hash}) than those of this folder ({ours})"
    return warning(text, f"an edit is taken over by the running service; if not: {REMEDY}")


def check_tables(site: Site) -> Verdict:
    """Every table and column that a model reads; output columns count as there."""
    book = site.needed.rulebook
    if not book.problems:
        return ok(f"{len(site.schema)} tables have every column that the rules read")
    told = (f"{model}: {found}" for model, each in book.problems.items() for found in each)
    hint = "name tables and columns as the organisation does; the other models work meanwhile"
    return problem("; ".join(told), hint, Cause.CONFIGURATION)


def check_outputs(site: Site) -> Verdict:
    """The columns that scores and grades are written to."""
    actions = list(_output_actions(site, site.needed.manifest.columns))
    return judge(actions, COLUMNS_MATTER, f"{len(actions)} output columns fit")


def _output_actions(site: Site, specs: Sequence[ColumnSpec]) -> Sequence[Action]:
    """What deploy would do about them; a missing table is told by another check."""
    languages = read_languages(site.client)
    found: list[Action] = []
    for table in sorted({spec.table for spec in specs} & site.schema.keys()):
        ours = [spec for spec in specs if spec.table == table]
        definitions = column_definitions(site.client, table, [spec.name for spec in ours])
        found += (column_action(spec, definitions.get(spec.name), languages) for spec in ours)
    return found
