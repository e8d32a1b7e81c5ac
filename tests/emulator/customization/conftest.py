"""One organisation for all tests of a module; what a test made is taken away again."""

from collections.abc import Iterator

import msgspec
import pytest

from emulator.organization import Organization
from tests.emulator.customization.sending import write


@pytest.fixture(scope="module")
def shared() -> Iterator[Organization]:
    org = Organization()
    yield org
    org.close()


@pytest.fixture
def org(shared: Organization) -> Iterator[Organization]:
    tables = set(shared.definitions.tables)
    columns = set(shared.definitions.tables["account"].columns)
    yield shared
    for name in set(shared.definitions.tables) - tables:
        write(shared, "DELETE", f"EntityDefinitions(LogicalName='{name}')")
    account = shared.definitions.tables["account"]
    kept = {name: column for name, column in account.columns.items() if name in columns}
    shared.define_table(msgspec.structs.replace(account, columns=kept))
    for choice in list(shared.definitions.choices):
        shared.remove_choice(choice)
