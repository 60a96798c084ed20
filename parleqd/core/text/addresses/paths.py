"""Paths and names of files: "slash home slash anna slash notes dot txt"."""

from __future__ import annotations

from parleqd.core.text.addresses.chains import Chain, atom_at
from parleqd.core.text.addresses.items import Items, Kind, item_at
from parleqd.core.text.addresses.names import (
    COMMANDS,
    DIRECTORIES,
    EXTENSIONS,
    EXTENSIONS_THAT_ARE_WORDS,
    HIDDEN,
    PLAIN_ADJECTIVES,
)
from parleqd.core.text.addresses.web import segment_at
from parleqd.core.text.lexicon import words

_SEPARATORS = frozenset("/\\")
_LEADS = COMMANDS | words(
    "in into from to at under of on inside is path file files folder directory open opens opened edit edited check "
    "checked delete deleted remove removed read show view visit find copy move mount and or the"
)
"""What stands before a path that begins at the root."""
_ALTERNATIVES = words(
    "and/or he/she she/he him/her his/her his/hers her/his he/she/they yes/no on/off true/false either/or read/write "
    "client/server input/output pass/fail day/night tcp/ip ci/cd i/o a/b w/o n/a and/or/not"
)
_LONGEST = 24  # segments


def absolute(items: Items, index: int, *, in_command: bool) -> tuple[str, int] | None:
    """The path that begins with a sign at ``index`` (``/``, ``~/``, ``./``, ``../``, ``c:\\``), and where it ends."""
    root = item_at(items, index)
    signs = tuple(item_at(items, index + n).text for n in range(3))
    if root.kind is Kind.LETTERS and len(root.text) == 1 and signs[1:] == (":", "\\"):
        return _with_segments(items, root.text.upper() + ":", index + 2, "\\")
    if root.kind is not Kind.SIGN:
        return None
    if signs[0] == "~" and signs[1] == "/":
        return _with_segments(items, "~", index + 1, "/")
    if signs == (".", ".", "/"):
        found = _with_segments(items, "..", index + 2, "/")
        return found or ("../", index + 3)
    if signs[:2] == (".", "/"):
        return _with_segments(items, ".", index + 1, "/")
    if signs[0] != "/":
        return None
    before = item_at(items, index - 1)
    leads = before.said in _LEADS and not before.text.isupper()  # a CD
    if not (in_command or before.kind is Kind.END or leads):
        return None
    found = _with_segments(items, "", index, "/")
    if found is None:
        return None
    text = found[0]
    if text.lower().startswith("/home/"):  # a user, whom the recogniser took for a person
        user = text.split("/")[2]
        text = text.replace(user, user.lower(), 1)
        found = text, found[1]
    first = text[1:].partition("/")[0].lower()
    sure = in_command or before.said in COMMANDS or text.count("/") > 1
    return found if sure or (first in DIRECTORIES and before.kind is not Kind.END) else None


def _with_segments(items: Items, text: str, index: int, separator: str) -> tuple[str, int] | None:
    start = index
    count = 0
    while item_at(items, index).text == separator and count < _LONGEST:
        dot = "." if item_at(items, index + 1).text == "." else ""  # a hidden one
        segment = segment_at(items, index + 1 + len(dot))
        if segment is None:
            break
        text, index, count = f"{text}{separator}{dot}{segment}", segment.last, count + 1
    return (text, index) if index > start else None


def leads_to_root(items: Items, chain: Chain) -> bool:
    """Whether the path begins behind the first word of ``chain``: "open slash etc slash hosts"."""
    if chain.signs[0] != "/":
        return False
    head = chain.atoms[0]
    may_lead = head.key in _LEADS or head.kind is Kind.FIGURES  # chmod 644 /etc/passwd
    return head.key in COMMANDS or head.is_grammar or (may_lead and chain.atoms[1].key in DIRECTORIES)


def relative(chain: Chain, *, in_command: bool = False) -> Chain | None:
    """The path or file name that ``chain`` begins with: "src slash main dot py", "notes dot txt".

    ``in_command``: a command takes it, so that one slash makes a path: "mkdir src slash core".
    """
    fewest = 1 if in_command and chain.atoms[1].key not in DIRECTORIES else 2
    count = 1
    while count < len(chain.atoms) and not chain.atoms[count].is_grammar:
        count += 1
    for length in range(count, 1, -1):
        path = chain.cut(0, length)
        slashes = sum(sign in _SEPARATORS for sign in path.signs)
        if _names_file(path) or (slashes >= fewest and path.signs[-1] in _SEPARATORS):
            return None if chain.atoms[0].is_grammar else path
    return None


def _names_file(path: Chain) -> bool:
    """Whether the last sign is a dot before an extension, and what stands before it is no dot in a pattern."""
    name, extension = path.atoms[-2], path.atoms[-1]
    if path.signs[-1] != "." or extension.key not in EXTENSIONS:
        return False
    if len(path.atoms) > 2:
        return True
    if extension.kind is Kind.FIGURES or (name.kind is Kind.FIGURES and extension.kind is not Kind.WORD):
        return False
    return name.key not in PLAIN_ADJECTIVES and extension.key not in EXTENSIONS_THAT_ARE_WORDS and len(name.text) > 1


def is_choice(chain: Chain) -> bool:
    """Whether it offers alternatives: "and slash or"."""
    return str(chain).lower() in _ALTERNATIVES


def hidden(items: Items, index: int) -> tuple[str, int] | None:
    """A file whose name begins with a dot: "dot env"."""
    name = item_at(items, index + 1)
    return (f".{name.said}", index + 2) if item_at(items, index).text == "." and name.said in HIDDEN else None


def wildcard(items: Items, index: int) -> tuple[str, int] | None:
    """All files of a kind: "star dot py"."""
    if item_at(items, index).text != "*" or item_at(items, index + 1).text != ".":
        return None
    extension = atom_at(items, index + 2, behind_sign=True)
    if extension is None or extension.key not in EXTENSIONS:
        return None
    return f"*.{extension.text}", extension.last
