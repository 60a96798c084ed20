"""Says what a Wayland interface is in one table, and makes pywayland's classes of it.

A message's place in its list is its number on the wire: never reorder them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pywayland import ffi
from pywayland.protocol_core.argument import Argument
from pywayland.protocol_core.interface import Interface
from pywayland.protocol_core.message import Message as PywaylandMessage
from pywayland.protocol_core.proxy import Proxy
from pywayland.scanner.argument import ArgumentType

INT = Argument(ArgumentType.Int)
UINT = Argument(ArgumentType.Uint)
STRING = Argument(ArgumentType.String)
ARRAY = Argument(ArgumentType.Array)
FD = Argument(ArgumentType.FileDescriptor)
OBJECT = Argument(ArgumentType.Object, nullable=True)
"""An object of any interface, or none."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an event; ``since`` is the interface's version that brought it."""

    name: str
    arguments: tuple[Argument, ...]
    since: int | None

    @property
    def creates(self) -> type[Interface] | None:
        """The interface of the object that a request makes, if it makes one."""
        return next((each.interface for each in self.arguments if each.argument_type is ArgumentType.NewId), None)


def message(name: str, *arguments: Argument, since: int | None = None) -> Message:
    """A request or an event of that name."""
    return Message(name, arguments, since)


def new(interface: type[Interface]) -> Argument:
    """An object that the message makes."""
    return Argument(ArgumentType.NewId, interface=interface)


def object_of(interface: type[Interface], *, nullable: bool = False) -> Argument:
    """An object that is there already."""
    return Argument(ArgumentType.Object, interface=interface, nullable=nullable)


def interface(
    name: str, version: int, *, requests: Sequence[Message] = (), events: Sequence[Message] = ()
) -> type[Interface]:
    """The interface of that name; its objects have a method for each request. A request "destroy" ends its object."""
    made: Any = type(name, (Interface,), {"name": name, "version": version})
    methods: dict[str, Any] = {"interface": made}
    for opcode, request in enumerate(requests):
        sends = _sender(opcode, request)
        made.request(*request.arguments, version=request.since)(sends)
        methods[request.name] = sends
    made.events.extend(_Event(_named(each.name), each.arguments, each.since) for each in events)
    made.proxy_class = type(f"{name}_proxy", (Proxy,), methods)
    made._gen_c()
    described: type[Interface] = made
    return described


class _Event(PywaylandMessage):
    """Takes text as it comes: programs cut the text around a caret, or a title, amid a character.

    Bytes that are no UTF-8 become lone surrogates ("surrogateescape"). pywayland would drop the event, and say so on
    stderr.
    """

    def c_to_arguments(self, args_ptr: Any) -> list[Any]:
        try:
            return super().c_to_arguments(args_ptr)
        except UnicodeDecodeError:
            return [
                ffi.string(args_ptr[place].s).decode("utf-8", "surrogateescape")
                if argument.argument_type is ArgumentType.String
                else args_ptr[place].u
                for place, argument in enumerate(self.arguments)
            ]


def _sender(opcode: int, request: Message) -> Callable[..., Any]:
    creates = request.creates

    def send(proxy: Any, *values: Any) -> Any:
        if creates is not None:
            return proxy._marshal_constructor(opcode, creates, *values)
        proxy._marshal(opcode, *values)
        if request.name == "destroy":
            proxy._destroy()
        return None

    send.__name__ = request.name
    return send


def _named(name: str) -> Callable[[], None]:
    """What pywayland takes an event's name from."""

    def event() -> None:
        """Never called: a client sends no events."""

    event.__name__ = name
    return event
