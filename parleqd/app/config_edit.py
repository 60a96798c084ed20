"""Changing one key of the settings file: comments stay, the file is replaced in one step, mode 0600."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, MutableMapping
from copy import deepcopy
from pathlib import Path
from typing import Any

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
    import tomlkit  # only here: nothing but a change of settings pays for it

    document = tomlkit.parse(text)
    place, name = _place(document, key)
    place[name] = value
    changed = tomlkit.dumps(document)
    if tomllib.loads(changed) != with_key(tomllib.loads(text), key, value):
        raise ConfigError(f"{key} cannot be set without harm to the rest of the file", "edit the file by hand")
    return changed


def replace_file(path: Path, text: str) -> None:
    """Write the whole file in one step, mode 0600; a symbolic link stays one. Raises ``OSError``."""
    target = Path(os.path.realpath(path))
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.{os.getpid()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        os.replace(new, target)
    finally:
        new.unlink(missing_ok=True)


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
