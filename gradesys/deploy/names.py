"""The fixed names and derived ids of everything that deploy makes (architecture section 9).

Ids are derived from names, so that a second apply finds what the first one made.
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from gradesys.rules.subscriptions import Step

PREFIX = "gs"
OPTION_PREFIX = 92150
FIRST_OPTION = 921_500_000
LAST_OPTION = 921_509_999
PUBLISHER = "gradesys"
SOLUTION = "gradesys"
RUN_TABLE = "gs_run"
HISTORY_TABLE = "gs_scorehistory"
OWN_TABLES = frozenset({RUN_TABLE, HISTORY_TABLE})
RECOMPUTE = "gs_Recompute"
RUN_PRIVILEGE = "prvCreategs_run"
IMAGE = "gs_pre"
HEADER = "x-gs-key"
SCRIPT, MODELS, ICON = "gs_/js/gradesys.js", "gs_/js/models.js", "gs_/img/recompute.svg"
COMMANDS = "gs_gradesys."
"""What the unique names of our commands begin with."""
VARIABLE = "gs_ServiceUrl"
NOTED = "gradesys: "
"""What the descriptions of our views and charts begin with."""
_NAMESPACE = uuid5(NAMESPACE_URL, "gradesys")


def derived_id(*parts: str) -> str:
    """The id of a row that is ours, from what it stands for: ``("step", "invoice", "Update")``."""
    return str(uuid5(_NAMESPACE, "|".join(parts)))


REQUEST_STEP = derived_id("step", RECOMPUTE)
"""The Custom API's own step."""


def step_id(step: Step) -> str:
    """The id of a webhook step."""
    return derived_id("step", step.table, step.message)


def schema_name(logical: str) -> str:
    """``gs_score`` -> ``gs_Score``: how a new table or column is spelled when it is created."""
    prefix, _, rest = logical.partition("_")
    return f"{prefix}_{rest[:1].upper()}{rest[1:]}"


def is_ours(logical: str) -> bool:
    """Whether a column of this name may be created by our publisher."""
    return logical.startswith(f"{PREFIX}_") and len(logical) > len(PREFIX) + 1
