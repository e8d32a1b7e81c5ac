"""Views and charts as the XML that Dataverse keeps, in one canonical spelling."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from gradesys.deploy.surface.exhibits import Exhibit

DAYS, WIDTH = 7, 150


def canonical(xml: str) -> str:
    """The same document, whoever wrote it; a text that is none stays as it is."""
    try:
        return ElementTree.canonicalize(xml, strip_text=True)
    except ElementTree.ParseError:
        return xml


def query(exhibit: Exhibit) -> str:
    """FetchXML of a view: the newest change first."""
    fetch = Element("fetch", version="1.0", mapping="logical")
    entity = SubElement(fetch, "entity", name=exhibit.table)
    for column in (exhibit.id_column, *exhibit.columns):
        SubElement(entity, "attribute", name=column)
    SubElement(entity, "order", attribute=exhibit.date, descending="true")
    _conditions(entity, exhibit)
    return _text(fetch)


def layout(exhibit: Exhibit, code: int) -> str:
    """The columns of a view."""
    grid = Element("grid", name="resultset", object=str(code), jump=exhibit.columns[0], select="1",
                   icon="1", preview="1")  # fmt: skip
    row = SubElement(grid, "row", name="result", id=exhibit.id_column)
    for column in exhibit.columns:
        SubElement(row, "cell", name=column, width=str(WIDTH))
    return _text(grid)


def chart_data(exhibit: Exhibit) -> str:
    """How many rows there are of each category."""
    root = Element("datadefinition")
    collection = SubElement(root, "fetchcollection")
    fetch = SubElement(collection, "fetch", mapping="logical", aggregate="true")
    entity = SubElement(fetch, "entity", name=exhibit.table)
    SubElement(entity, "attribute", name=exhibit.id_column, aggregate="count", alias="rows")
    by = SubElement(entity, "attribute", name=exhibit.category, groupby="true", alias="by")
    if exhibit.category == exhibit.date:
        by.set("dategrouping", "day")
    _conditions(entity, exhibit)
    category = SubElement(SubElement(root, "categorycollection"), "category", alias="by")
    SubElement(SubElement(category, "measurecollection"), "measure", alias="rows")
    return _text(root)


def chart_look() -> str:
    """Plain columns with their numbers."""
    chart = Element("Chart")
    series = SubElement(chart, "Series")
    SubElement(series, "Series", ChartType="Column", IsValueShownAsLabel="True")
    SubElement(SubElement(chart, "ChartAreas"), "ChartArea")
    return _text(chart)


def _conditions(entity: Element, exhibit: Exhibit) -> None:
    found = SubElement(entity, "filter", type="and")
    SubElement(found, "condition", attribute=exhibit.date, operator="last-x-days", value=str(DAYS))
    for column, value in exhibit.only.items():
        SubElement(found, "condition", attribute=column, operator="eq", value=value)


def _text(root: Element) -> str:
    return canonical(ElementTree.tostring(root, "unicode"))
