"""What PublishXml is told: the tables and web resources that users shall see as they are now."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from gradesys.deploy.actions import Call


def publish(tables: Iterable[str], web_resources: Iterable[str] = (), loss: str = "") -> Call:
    """One request for all of them; web resources by their ids (dataverse.md section 5.5)."""
    entities = "".join(f"<entity>{escape(table)}</entity>" for table in tables)
    resources = "".join(f"<webresource>{{{id_}}}</webresource>" for id_ in web_resources)
    shown = f"<webresources>{resources}</webresources>" if resources else ""
    xml = f"<importexportxml><entities>{entities}</entities>{shown}</importexportxml>"
    return Call("POST", "PublishXml", {"ParameterXml": xml}, loss=loss)
