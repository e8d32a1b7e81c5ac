"""The emulator with the rows of bench/data.py, over TLS, because Microsoft's SDK asks for https."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import trustme

from bench.data import TABLES, Pages

ROOT = Path(__file__).parent.parent
TRUSTED = "REQUESTS_CA_BUNDLE"
OUTPUTS = {
    "gs_Score": {"@odata.type": "Microsoft.Dynamics.CRM.DecimalAttributeMetadata", "Precision": 2},
    "gs_Grade": {"@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata", "MaxLength": 10},
}
"""The columns that the rules write, by schema name."""


@contextmanager
def emulated(pages: Pages) -> Iterator[str]:
    """Its address; its certificate is trusted by this process meanwhile."""
    with tempfile.TemporaryDirectory(prefix="gradesys-bench-") as name:
        folder = Path(name)
        (folder / "rows.json").write_text(json.dumps(_rows(pages)), encoding="utf-8")
        _certify(folder)
        command = [sys.executable, "-m", "emulator", "--port", "0"]
        command += ["--data", str(folder / "rows.json")]
        command += ["--tls", str(folder / "server.pem"), str(folder / "server.pem")]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                os.environ[TRUSTED] = str(folder / "ca.pem")
                assert process.stdout is not None
                url = process.stdout.readline().split()[-1]
                _add_outputs(url)
                yield url
            finally:
                process.terminate()
                os.environ.pop(TRUSTED, None)


def _certify(folder: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    authority.cert_pem.write_to_path(folder / "ca.pem")


def _add_outputs(url: str) -> None:
    path = "api/data/v9.2/EntityDefinitions(LogicalName='account')/Attributes"
    for name, kind in OUTPUTS.items():
        label = {"LocalizedLabels": [{"Label": name, "LanguageCode": 1033}]}
        body = {**kind, "SchemaName": name, "DisplayName": label}
        requests.post(f"{url}/{path}", json=body, timeout=60).raise_for_status()


def _rows(pages: Pages) -> dict[str, list[dict[str, Any]]]:
    """The rows as the emulator takes them in; what it cannot know yet is left out."""
    return {
        table: [_stored(row) for page in pages.of(table) for row in json.loads(page)["value"]]
        for table in TABLES
    }


def _stored(row: dict[str, Any]) -> dict[str, Any]:
    left_out = ("@", "gs_", "_transaction")
    kept = {name: value for name, value in row.items() if not name.startswith(left_out)}
    if "_customerid_value" in kept:
        kept["_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] = "account"
    return kept
