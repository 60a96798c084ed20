"""Options on command lines: "git commit dash m", "dash dash verbose"."""

from __future__ import annotations

from parleqd.core.text.addresses.items import Item, Items, Kind, item_at
from parleqd.core.text.addresses.names import COMMANDS, RUN, SURE_COMMANDS
from parleqd.core.text.lexicon import words

_SHORT = 3  # letters
_SIGHT = 12  # items back to the name of the command
_PARTICLES = frozenset(("up", "down"))
"""Words of grammar that commands have for arguments: docker compose up."""
_BEFORE_OPTIONS = words("with flag option options pass passing add use using the argument switch set need needs and or")
_BEHIND_OPTIONS = words("flag option switch argument parameter")
_LONG_NAMES = words("name iname type exec maxdepth jar version cp")
"""Options of several letters behind a single dash, of commands whose names are words (find, java)."""
_ONE_NAME = frozenset((("apt", "get"), ("apt", "cache"), ("docker", "compose"), ("ssh", "keygen"), ("pre", "commit")))


def command_before(items: Items, index: int) -> str:
    """The command that takes what stands at ``index``, no mark and no grammar between; empty where none does."""
    for place in range(index - 1, max(index - 1 - _SIGHT, -1), -1):
        item = items[place]
        if item.kind is Kind.END or (item.is_grammar and item.said not in _PARTICLES) or item.text in ("a", "i"):
            return ""
        if item.said in COMMANDS:
            before = item_at(items, place - 1)
            opens = before.kind is Kind.END or before.said in RUN or before.text == "|"
            if opens or (item.said in SURE_COMMANDS and place + 3 >= index and not item.text.isupper()):  # a CD
                return item.said
    return ""


def option(items: Items, index: int, command: str) -> tuple[str, int] | None:
    """The option that begins with the sign at ``index``, and the item behind it. ``command`` takes it."""
    if item_at(items, index).text != "-":
        return None
    if item_at(items, index + 1).text == "-":
        return _long_option(items, index, command)
    name = item_at(items, index + 1)
    if not command or not name.is_atom or (item_at(items, index - 1).said, name.said) in _ONE_NAME:
        return None
    if name.kind is Kind.WORD:
        fits = name.said == "it" or name.said in _LONG_NAMES or (command in SURE_COMMANDS and _is_short(name))
        return (f"-{name.text}", index + 2) if fits else None
    letter, value = name.text[:1], name.text[1:]
    apart = letter.isalpha() and value.isdigit() and len(value) > 1  # -p 8080, but -O2
    return (f"-{letter} {value}" if apart else f"-{name.text}"), index + 2


def _is_short(name: Item) -> bool:
    return len(name.text) <= _SHORT and not name.is_grammar


def _goes_on(name: Item) -> bool:
    """Whether ``name`` is one more word of a long option (dry-run), and no short option of its own."""
    return name.kind is Kind.WORD and len(name.text) >= _SHORT


def _long_option(items: Items, index: int, command: str) -> tuple[str, int] | None:
    name = item_at(items, index + 2)
    if not name.is_atom:
        return None
    text, last = f"--{name.text}", index + 3
    while item_at(items, last).text == "-" and _goes_on(item_at(items, last + 1)):
        text, last = f"{text}-{items[last + 1].text}", last + 2
    before, after = item_at(items, index - 1), item_at(items, last)
    stands_alone = before.kind is Kind.END and after.kind is Kind.END
    if not (command or stands_alone or before.said in _BEFORE_OPTIONS or after.said in _BEHIND_OPTIONS):
        return None
    if name.is_grammar and not (command or text.count("-") > 2):
        return None
    if after.text == "=" and after.kind is Kind.SIGN and item_at(items, last + 1).is_atom:
        text, last = f"{text}={items[last + 1].text}", last + 2
    return text, last


def joined(items: Items, index: int) -> tuple[str, int] | None:
    """Two words that are one, said with a dash: the command "apt dash get", the argument "kube dash system"."""
    first, sign, second = (item_at(items, index + n) for n in range(3))
    if sign.text != "-" or first.kind is not Kind.WORD or second.kind is not Kind.WORD:
        return None
    plain = not (first.is_grammar or second.is_grammar or first.said in COMMANDS or _is_short(second))
    is_argument = plain and second.said not in _LONG_NAMES and bool(command_before(items, index))
    if (first.said, second.said) in _ONE_NAME or is_argument:
        return f"{first.text}-{second.text}", index + 3
    return None


def lone_sign(items: Items, index: int) -> tuple[str, int] | None:
    """A dot for the directory one is in, at the end of a command; a pipe before the next command."""
    sign, after = item_at(items, index), item_at(items, index + 1)
    if sign.text == after.text == "." and item_at(items, index + 2).kind is Kind.END:
        return ("..", index + 2) if item_at(items, index - 1).said == "cd" else None
    if sign.text == "." and after.kind is Kind.END and item_at(items, index - 1).kind is Kind.WORD:
        return ".", index + 1
    if sign.text == "|" and after.said in COMMANDS:
        return "|", index + 1
    return None
