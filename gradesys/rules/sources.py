"""Rule, pack and case files on disk: found below folders, read as documents, known by id.

Case files that lie beside rule files (a list of `cases` and no `schema`) are not rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path as File

from gradesys.errors import Problem, RuleError
from gradesys.rules.document import CASES_LIMIT, RULES_LIMIT, Document, load_document


def load_packs(folder: File | None) -> tuple[Mapping[str, Document], tuple[Problem, ...]]:
    """Packs by id, and what is wrong with those that cannot be read (they do not stop others).

    Folders called ``tests`` hold their case files, which are long and are no packs.
    """
    if folder is None:
        return {}, ()
    files = (file for file in files_below(folder) if "tests" not in file.relative_to(folder).parts)
    documents, problems = read_documents(files)
    return by_id(documents), tuple(problems)


def by_id(documents: Iterable[Document]) -> dict[str, Document]:
    """The documents that have an id; the first of several with one id."""
    found: dict[str, Document] = {}
    for document in documents:
        name = document.data.get("id") if isinstance(document.data, dict) else None
        if isinstance(name, str):
            found.setdefault(name, document)
    return found


def files_below(path: File) -> tuple[File, ...]:
    """A file itself; of a folder all YAML files below, in name order."""
    if not path.is_dir():
        return (path,)
    found = (file for file in path.rglob("*") if file.suffix in (".yaml", ".yml"))
    return tuple(sorted(file for file in found if file.is_file()))


def read_documents(files: Iterable[File]) -> tuple[list[Document], list[Problem]]:
    """Every document that can be read, and the problems of the others."""
    documents: list[Document] = []
    problems: list[Problem] = []
    for file in files:
        try:
            documents.append(read_document(file, RULES_LIMIT))
        except RuleError as error:
            problems.extend(error.problems)
    return documents, problems


def read_document(file: File, limit: int = CASES_LIMIT) -> Document:
    """One file of at most ``limit`` bytes. RuleError, also when it is not there or not UTF-8."""
    try:
        if file.stat().st_size > limit:
            raise _unreadable(file, f"larger than {limit} bytes")
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _unreadable(file, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise _unreadable(file, f"not UTF-8 ({error.reason} at byte {error.start})") from error
    return load_document(text, str(file), limit)


def is_case_file(document: Document) -> bool:
    """Whether a document holds cases (section 13) instead of a model."""
    data = document.data
    return isinstance(data, dict) and "cases" in data and "schema" not in data


def _unreadable(file: File, message: str) -> RuleError:
    return RuleError((Problem((), message, f"{file}:1:1"),))
