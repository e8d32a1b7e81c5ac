"""Results of case files as JUnit XML, which every build server shows."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree

from gradesys.rules.cases import CaseResult


def junit_text(results: Iterable[CaseResult]) -> str:
    """One suite a file, one test case a case."""
    root = ElementTree.Element("testsuites")
    for file, group in groupby(results, key=lambda result: result.file):
        cases = list(group)
        failed = sum(not case.ok for case in cases)
        told = {"name": file, "tests": str(len(cases)), "failures": str(failed)}
        suite = ElementTree.SubElement(root, "testsuite", told)
        for case in cases:
            element = ElementTree.SubElement(suite, "testcase", classname=file, name=case.name)
            if not case.ok:
                text = case.error or "\n".join(map(str, case.differences))
                ElementTree.SubElement(element, "failure", message=text.split("\n")[0]).text = text
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"
