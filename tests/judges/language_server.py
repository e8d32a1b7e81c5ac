"""The YAML language server in a Node.js process of its own, spoken to by LSP as an editor does."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.judges.node import HERE
from tests.node import NODE

SERVER = HERE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
SETTINGS = {
    "yaml": {
        "schemaStore": {"enable": False},
        "validate": True,
        "completion": True,
        "hover": True,
        "disableDefaultProperties": True,
    }
}


@dataclass(slots=True)
class Editor:
    """An open connection; ``complaints``: the latest diagnostics by file."""

    process: subprocess.Popen[bytes]
    folder: Path
    number: int = 0
    complaints: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def open(self, name: str, text: str) -> str:
        """Open a text as a YAML file; returns its address."""
        uri = (self.folder / name).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def complete(self, name: str, text: str) -> set[str]:
        """The labels offered where the text has a ``|``."""
        before, _, after = text.partition("|")
        uri = self.open(name, before + after)
        line = before.count("\n")
        place = {"line": line, "character": len(before) - before.rfind("\n") - 1}
        asked = {"textDocument": {"uri": uri}, "position": place}
        answer = self.ask("textDocument/completion", asked)
        items = answer["items"] if isinstance(answer, dict) else answer
        return {item["label"] for item in items}

    def diagnose(self, name: str, text: str) -> list[tuple[int, str]]:
        """Line (from 1) and message of everything the server complains about."""
        uri = self.open(name, text)
        while uri not in self.complaints:
            self._take(self._read())
        return [
            (each["range"]["start"]["line"] + 1, each["message"]) for each in self.complaints[uri]
        ]

    def ask(self, method: str, params: Mapping[str, Any]) -> Any:
        """The answer to a request; what the server says meanwhile is taken in."""
        self.number += 1
        self._send({"id": self.number, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self.number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            self._take(message)

    def _tell(self, method: str, params: Mapping[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def _take(self, message: Mapping[str, Any]) -> None:
        """Keep complaints, and answer what the server asks an editor for."""
        if message.get("method") == "textDocument/publishDiagnostics":
            params = message["params"]
            self.complaints[params["uri"]] = params["diagnostics"]
        elif "id" in message and "method" in message:
            asked = message.get("params") or {}
            sections = [item.get("section", "") for item in asked.get("items", [])]
            result = [SETTINGS.get(section) for section in sections] if sections else None
            self._send({"id": message["id"], "result": result})

    def _send(self, message: Mapping[str, Any]) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while (line := self.process.stdout.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server has ended"
        found: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return found


@contextmanager
def start_editor(folder: Path) -> Iterator[Editor]:
    """An editor with the language server behind it; files lie in ``folder``."""
    assert SERVER.exists(), "yaml-language-server is not installed: run python dev.py test"
    with subprocess.Popen(
        [str(NODE), str(SERVER), "--stdio"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            editor = Editor(process, folder)
            capabilities = {"workspace": {"configuration": True}}
            root = {"processId": None, "rootUri": folder.as_uri(), "capabilities": capabilities}
            editor.ask("initialize", root)
            editor._tell("initialized", {})
            yield editor
        finally:
            process.kill()
