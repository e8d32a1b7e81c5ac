"""What an org must have before a pack can be shown, made as its administrator would make it.

The columns that people fill in (a tier given by hand) belong to no rule file's output, so deploy
never makes them; tables of another product belong to no org that has not installed it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from gradesys.demo import projects
from gradesys.demo.customizing import Body, column
from gradesys.demo.user import User
from gradesys.deploy.names import schema_name
from gradesys.deploy.texts import Text
from gradesys.rules.model import RuleModel


def furnish(user: User, models: Sequence[RuleModel], now: datetime) -> str:
    """Make the tables and columns that these models need; what was made, in words."""
    made = []
    if any(model.table == projects.PROJECT for model in models):
        made.append(projects.make(user, now))
    columns = 0
    for model in models:
        path = f"EntityDefinitions(LogicalName='{model.table}')/Attributes"
        for body in _own_columns(model):
            user.ask("POST", path, body)
            columns += 1
    return "; ".join([*made, f"columns for people to fill in: {columns}"])


def _own_columns(model: RuleModel) -> Iterator[Body]:
    if model.manual is not None:
        title = Text("Grade by hand", "درجهٔ دستی")
        yield column("text", schema_name(model.manual.grade_column), title)
        if model.manual.until_column is not None:
            title = Text("Grade by hand until", "اعتبار درجهٔ دستی تا")
            yield column("day", schema_name(model.manual.until_column), title)
    if model.lock_column is not None:
        title = Text("Grade locked", "درجه قفل است")
        yield column("yes_no", schema_name(model.lock_column), title)
