"""The words of a SELECT statement, read one after the other."""

import re

from msgspec import Struct

from emulator.errors import ApiError

_TOKEN = re.compile(
    r"(?P<blank>\s+|--[^\n]*|/\*.*?\*/)|(?P<text>N?'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_]\w*|\[[^\]]+\])|(?P<sign><>|!=|<=|>=|[=<>(),.*;])",
    re.DOTALL,
)


def bad_sql(why: str) -> ApiError:
    return ApiError(400, "0x80060888", f"The SQL statement is not valid: {why}")


class Tokens(Struct):
    """(kind, text) of every token and the place of the next."""

    found: list[tuple[str, str]]
    at: int = 0

    def peek(self) -> str:
        """The next token in upper case, empty at the end; a text never looks like a word."""
        kind, text = self._next()
        return "" if kind == "text" else text.upper()

    def take(self, *words: str) -> bool:
        """Whether these words or signs come next; they are then behind."""
        coming = self.found[self.at : self.at + len(words)]
        if [text.upper() for kind, text in coming if kind != "text"] != list(words):
            return False
        self.at += len(words)
        return True

    def expect(self, *words: str) -> None:
        if not self.take(*words):
            raise bad_sql(f"{' '.join(words)} is missing before '{self._next()[1]}'.")

    def word(self) -> str:
        """The next token as it is written, which must be a name."""
        kind, text = self._next()
        if kind != "name":
            raise bad_sql(f"a name is missing before '{text}'.")
        self.at += 1
        return text

    def name(self) -> str:
        """The same as the service's names are: in lower case."""
        return self.word().lower()

    def number(self) -> int:
        """The next token, which must be a whole number."""
        kind, text = self._next()
        if kind != "number" or not text.isdecimal():
            raise bad_sql(f"a whole number is missing before '{text}'.")
        self.at += 1
        return int(text)

    def literal(self) -> str:
        """The next token, which must be a text or a number."""
        kind, text = self._next()
        if kind not in ("text", "number"):
            raise bad_sql(f"a value is missing before '{text}'.")
        self.at += 1
        return text

    def _next(self) -> tuple[str, str]:
        return self.found[self.at] if self.at < len(self.found) else ("end", "")


def read_tokens(sql: str) -> Tokens:
    """The tokens; 400 for a character that begins none."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(sql):
        match = _TOKEN.match(sql, at)
        if match is None:
            raise bad_sql(f"unexpected '{sql[at]}'.")
        at = match.end()
        kind = str(match.lastgroup)
        if kind != "blank":
            found.append((kind, _plain(kind, match[0])))
    return Tokens(found)


def _plain(kind: str, text: str) -> str:
    if kind == "text":
        return text.removeprefix("N")[1:-1].replace("''", "'")
    return text.strip("[]") if kind == "name" else text
