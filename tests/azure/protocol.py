"""Stand-ins for the messages between Azure's host and its Python worker.

Microsoft's library takes the protocol's classes as an argument, so no gRPC is needed: only what
it reads and what it builds. Names and numbers are those of FunctionRpc.proto.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any


class Message:
    """A message with the fields it was given."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)

    def __getattr__(self, name: str) -> Any:
        """Tell what is missing: a field that the library expects must be given."""
        raise AttributeError(f"{type(self).__name__} has no {name}, only {sorted(self.__dict__)}")


class OneOf(Message):
    """A message of which one field at most is set."""

    def WhichOneof(self, group: str) -> str | None:
        """The name of the field that is set; the group's name does not matter here."""
        return next(iter(self.__dict__), None)


class ParameterBinding(Message):
    """A function's argument: its name, and its data as TypedData."""

    def WhichOneof(self, group: str) -> str:
        """Shared memory is never used."""
        return "data"


class StatusResult(Message):
    """How a request ended."""

    Failure = 0
    Success = 1


class BindingInfo(Message):
    """A binding's type, direction and data type."""

    out = 1
    inout = 2
    undefined = 0


PROTOS = SimpleNamespace(
    BindingInfo=BindingInfo,
    FunctionLoadResponse=Message,
    FunctionMetadataResponse=Message,
    InvocationResponse=Message,
    ParameterBinding=ParameterBinding,
    RpcException=Message,
    RpcFunctionMetadata=Message,
    RpcHttp=Message,
    StatusResult=StatusResult,
    TypedData=OneOf,
    WorkerInitResponse=Message,
    WorkerMetadata=Message,
)


def request(**body: Any) -> Message:
    """A request to the worker, as its proxy hands it over."""
    properties = {"host": "127.0.0.1", "protos": PROTOS}
    return Message(request=Message(**body), properties=properties)


def invocation(function_id: str, data: ParameterBinding, metadata: dict[str, OneOf]) -> Message:
    """The call of one function with its trigger's data."""
    return request(
        invocation_request=Message(
            invocation_id=function_id,
            function_id=function_id,
            input_data=[data],
            trigger_metadata=metadata,
            trace_context=Message(trace_parent="", trace_state="", attributes={}),
            retry_context=Message(retry_count=0, max_retry_count=0, exception=None),
        )
    )
