"""Examples of every message, built from its type: the smallest there is, and one with every field set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from parleqd.protocol.messages import Message

M = TypeVar("M", bound=Message)


def message_classes(base: type[Message] = Message) -> Iterator[type[Message]]:
    """Every struct that crosses the wire, found by inheritance: a new one cannot be forgotten."""
    for kind in base.__subclasses__():
        yield kind
        yield from message_classes(kind)


def smallest(kind: type[M]) -> M:
    """Required fields only; the first member of an enumeration, the shortest string and list."""
    return _build(kind, full=False)


def fullest(kind: type[M]) -> M:
    """Every field, with a value that is not its default where there is a choice."""
    return _build(kind, full=True)


def _build(kind: type[M], full: bool) -> M:
    struct = inspect.type_info(kind)
    assert isinstance(struct, inspect.StructType)
    return msgspec.convert(_fields(struct, full), kind, builtin_types=(bytes,))


def _fields(struct: inspect.StructType, full: bool) -> dict[str, Any]:
    return {field.encode_name: _value(field.type, full) for field in struct.fields if field.required or full}


def _value(kind: inspect.Type, full: bool) -> Any:
    """Plain data of this type."""
    match kind:
        case inspect.UnionType(types=types):
            some = [one for one in types if not isinstance(one, inspect.NoneType)]
            return _value(some[-1 if full else 0], full)
        case inspect.StructType():
            return _fields(kind, full)
        case inspect.EnumType(cls=enumeration):
            return list(enumeration)[-1 if full else 0].value
        case inspect.ListType(item_type=item):
            return [_value(item, full)] if full else []
        case inspect.DictType(value_type=value):
            return {"name": _value(value, full)} if full else {}
        case inspect.StrType(min_length=shortest, max_length=longest):
            return "é" * (longest or 9) if full else "x" * (shortest or 0)
        case inspect.IntType(ge=least, le=most):
            return (most or 2**53) if full else (least or 0)
        case _:
            return _PLAIN[type(kind)][full]


_PLAIN: dict[type[inspect.Type], tuple[Any, Any]] = {
    inspect.BoolType: (False, True),
    inspect.FloatType: (0.0, 1.5),
    inspect.BytesType: (b"", b"\x00\xff"),
    inspect.RawType: (msgspec.Raw(b"null"), msgspec.Raw(b'{"any": [1]}')),
}
