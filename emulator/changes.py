"""What happened to a row, as the webhook side needs to know it.

The rows side produces these after every commit; nothing else crosses between the two.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from emulator.optional import Optional, current_optional

StoredRow = Mapping[str, Any]
"""A row by logical column name. Lookups are two entries: ``customerid`` (guid text) and
``customerid@type`` (logical name of the target). Money and decimals are ``Decimal``, date-times
ISO text in UTC ending in Z, date-only values ``YYYY-MM-DD``; columns that are null are None."""


class Change(Struct, frozen=True):
    """One committed change of one row, or one raised message.

    ``table`` and ``id`` are empty for an unbound custom API. ``before`` is None on Create,
    ``after`` on Delete. ``changed`` has the columns the client named and the stamped ones.
    ``optional`` are the parameters of the operation that made it.
    """

    message: str
    table: str
    id: str
    before: StoredRow | None = None
    after: StoredRow | None = None
    changed: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    optional: Optional = field(default_factory=current_optional)
