"""Changing one key or one cleanup target in the text of the settings file: comments stay."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Callable, Mapping, MutableMapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from parleqd.app.config_lines import key_lines
from parleqd.core.errors import ConfigError

_INDEXED = re.compile(r"(.+)\[(\d+)\]")


def toml_value(text: str) -> object:
    """The value that ``text`` spells in TOML; what spells none is taken as the text itself."""
    if "\n" in text:
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def with_key(tree: Mapping[str, object], key: str, value: object) -> dict[str, object]:
    """A copy of ``tree`` with the dotted ``key`` set. Raises ``ConfigError`` when there is no such place."""
    changed: dict[str, object] = deepcopy(dict(tree))
    place, name = _place(changed, key)
    place[name] = value
    return changed


def edited(text: str, key: str, value: object) -> str:
    """The file's text with the dotted ``key`` set, comments and order kept. Raises ``ConfigError``."""
    changed = _with_its_line_ends(text, lambda text: _with_key_set(text, key, value))
    if tomllib.loads(changed) != with_key(tomllib.loads(text), key, value):
        raise ConfigError(f"{key} cannot be set without harm to the rest of the file", "edit the file by hand")
    return changed


def with_target(tree: Mapping[str, object], values: Mapping[str, object]) -> tuple[dict[str, object], int, bool]:
    """A copy of ``tree`` with this cleanup target; its index; whether it takes the place of one of its name.

    ``values``: the keys of the target; ``None`` stands for one that it has not. Of the target that it replaces, keys
    that ``values`` does not name stay. Raises ``ConfigError`` where the file has no array for it.
    """
    changed: dict[str, Any] = deepcopy(dict(tree))
    cleanup = changed.setdefault("cleanup", {})
    targets = cleanup.setdefault("target", []) if isinstance(cleanup, dict) else None
    if not isinstance(targets, list):
        raise ConfigError("the file has something else where [[cleanup.target]] belongs", "mend the file by hand")
    place = next((at for at, one in enumerate(targets) if _is_named(one, values["name"])), None)
    if place is None:
        targets.append(_told(values))
        return changed, len(targets) - 1, False
    targets[place] = {key: value for key, value in targets[place].items() if key not in values} | _told(values)
    return changed, place, True


def edited_target(text: str, values: Mapping[str, object]) -> str:
    """The file's text with this cleanup target, as `with_target` has it. Raises ``ConfigError``."""
    tree, place, replaces = with_target(tomllib.loads(text), values)
    changed = _with_its_line_ends(
        text, lambda text: _with_replaced(text, place, values) if replaces else _with_added(text, values)
    )
    try:
        unharmed = tomllib.loads(changed) == tree
    except tomllib.TOMLDecodeError:  # such as an array in line, which no further table may follow
        unharmed = False
    if not unharmed:
        raise ConfigError("the target cannot be written without harm to the rest of the file", "edit the file by hand")
    return changed


def _with_its_line_ends(text: str, change: Callable[[str], str]) -> str:
    """``text`` changed as lines that end in "\\n"; where all of them ended in "\\r\\n", they do so again."""
    if not text.count("\r\n") == text.count("\n") > 0:
        return change(text)
    return change(text.replace("\r\n", "\n")).replace("\n", "\r\n")


def _with_key_set(text: str, key: str, value: object) -> str:
    import tomlkit  # only here: nothing but a change of settings pays for it

    document = tomlkit.parse(text)
    place, name = _place(document, key)
    place[name] = value
    return tomlkit.dumps(document)


def _with_added(text: str, values: Mapping[str, object]) -> str:
    before = [text.rstrip(), ""] if text.strip() else []
    return "\n".join([*before, "[[cleanup.target]]", *_assignments(_told(values)), ""])


def _with_replaced(text: str, place: int, values: Mapping[str, object]) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    entry: MutableMapping[str, Any] = document["cleanup"]["target"][place]
    new = {key: value for key, value in _told(values).items() if key not in entry}
    name = f"cleanup.target[{place}].name"
    in_line = name not in key_lines(text)
    for key, value in values.items():
        if value is None:
            entry.pop(key, None)
        elif entry.get(key) != value and (in_line or key in entry):
            entry[key] = value
    changed = tomlkit.dumps(document)
    if in_line:
        return changed
    # tomlkit would put new keys behind the blank lines and comments in front of the next section.
    line, lines = key_lines(changed)[name], changed.split("\n")
    return "\n".join([*lines[:line], *_assignments(new), *lines[line:]])


def _assignments(values: Mapping[str, object]) -> list[str]:
    import tomlkit

    return [f"{key} = {tomlkit.item(value).as_string()}" for key, value in values.items()]


def _told(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}


def _is_named(entry: object, name: object) -> bool:
    return isinstance(entry, Mapping) and entry.get("name") == name


def refuse_read_only(path: Path) -> None:
    """Raises ``ConfigError`` for a file that its owner has made read-only: replacing one asks no leave of it.

    By the mode alone, since the superuser may write any.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return
    if not mode & stat.S_IWUSR:
        raise ConfigError(f"{path} is read-only (mode {mode:04o})", f"`chmod u+w {path}`, or edit what it is made from")


def _place(tree: MutableMapping[str, Any], key: str) -> tuple[MutableMapping[str, Any], str]:
    """The table that holds the key, sections created as needed, and the key's last name."""
    *sections, name = key.split(".")
    place: Any = tree
    for section in sections:
        indexed = _INDEXED.fullmatch(section)
        try:
            place = place[indexed[1]][int(indexed[2])] if indexed else place.setdefault(section, {})
        except (KeyError, IndexError):
            raise ConfigError(f"the file has no {key.rpartition('.')[0]}", "add it to the file by hand") from None
        if not isinstance(place, MutableMapping):
            raise ConfigError(f"{section} is not a section in the file", "mend the file by hand")
    return place, name
