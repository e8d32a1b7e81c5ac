"""The worker's side of the tests: under Python 3.13, Microsoft's library run by JSON lines.

The first line it writes says what was indexed; then each line it reads invokes one function and
is answered by one line. It stands where Azure's proxy stands, and knows nothing of gradesys.
"""

from __future__ import annotations

import asyncio
import base64
import importlib
import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

from tests.azure.protocol import Message, OneOf, ParameterBinding, StatusResult, invocation, request

ROOT = Path(__file__).parents[2]
# By name, because no other Python than 3.13 has it.
WORKER: Any = importlib.import_module("azure_functions_runtime")
Json = dict[str, Any]


async def drive(commands: TextIO, answers: TextIO) -> None:
    """Index and load the app, then invoke what is asked for until the input ends."""
    functions = await _index()
    loaded = [await _load(function) for function in functions]
    distributions = ("azure-functions", "azure-functions-runtime")
    _say(answers, {"functions": loaded, "versions": {d: version(d) for d in distributions}})
    by_name = {function.name: function for function in functions}
    for line in commands:
        command = json.loads(line)
        _say(answers, await _invoke(by_name[command["function"]], command))


async def _index() -> list[Message]:
    init = Message(capabilities={}, function_app_directory=str(ROOT))
    _require(await WORKER.worker_init_request(request(worker_init_request=init)))
    found = _require(await WORKER.functions_metadata_request(request()))
    functions: list[Message] = found.function_metadata_results
    return functions


async def _load(function: Message) -> Json:
    wanted = Message(function_id=function.function_id)
    answer = await WORKER.function_load_request(request(function_load_request=wanted))
    assert _require(answer).function_id == function.function_id
    return {"name": function.name, "bindings": [json.loads(raw) for raw in function.raw_bindings]}


async def _invoke(function: Message, command: Json) -> Json:
    (trigger,) = (name for name, info in function.bindings.items() if info.direction == 0)
    data = ParameterBinding(name=trigger, data=_typed(command["data"]))
    metadata = {name: OneOf(string=text) for name, text in command["metadata"].items()}
    answer = await WORKER.invocation_request(invocation(function.function_id, data, metadata))
    if answer.result.status != StatusResult.Success:
        return {"succeeded": False, "error": answer.result.exception.message}
    returned = answer.return_value
    return {"succeeded": True, **({} if returned is None else {"http": _plain(returned.http)})}


def _typed(data: Json) -> OneOf:
    """The trigger's data: text, JSON text, or a request whose body is base64."""
    http = data.get("http")
    if http is None:
        return OneOf(**data)
    body = OneOf(bytes=base64.b64decode(http["body"])) if http["body"] else OneOf()
    return OneOf(http=Message(**{**http, "body": body, "params": {}}))


def _plain(http: Message) -> Json:
    return {"status": http.status_code, "headers": http.headers, "body": http.body.bytes.decode()}


def _require(answer: Message) -> Message:
    failed = answer.result.status != StatusResult.Success
    assert not failed, f"the worker refuses: {answer.result.exception.message}"
    return answer


def _say(answers: TextIO, found: Json) -> None:
    answers.write(f"{json.dumps(found)}\n")
    answers.flush()


if __name__ == "__main__":
    out, sys.stdout = sys.stdout, sys.stderr  # what functions print is no answer
    WORKER.start_threadpool_executor()
    try:
        asyncio.run(drive(sys.stdin, out))
    finally:
        WORKER.stop_threadpool_executor()
