"""Names in program code: "user underscore id", "self dot name", "camel case get user name"; and IP addresses."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from parleqd.core.text.addresses.chains import DASH, Atom, Chain, chain_at
from parleqd.core.text.addresses.items import Items, Kind, item_at
from parleqd.core.text.addresses.names import CODE_WORDS, OBJECTS
from parleqd.core.text.lexicon import words

_MENTIONS = words(
    "type typed press pressed hit insert inserted add added put say saying write use using used remove removed delete "
    "deleted missing called word symbol character extra leading trailing single double replace trailing"
)
_ABOUT_MARKS = words("key keys character characters symbol symbols sign mark marks button instead separated delimited")
_RENAMING = words("rename renamed renames renaming")
_SIGHT = 8  # items back to it
_LONGEST_NAME = 5  # words
_NOT_NAMES = words(
    "naming name names identifier identifiers style styles convention conventions variable variables notation format "
    "keys key properties strings string everywhere please instead version"
)
_DASHES = frozenset(("-", DASH))
_COMPOUNDS = words(
    "so-called in-house on-site off-site on-call off-peak off-season on-premise on-premises on-screen off-screen "
    "on-time up-front up-to-date up-and-coming out-of-date out-of-office over-the-counter over-the-top off-the- "
    "record in-depth in-person in-flight in-app in-law in-laws by-product by-products by-law by-laws all- "
    "inclusive all-time no-one no-show no-brainer follow-up check-in check-out log-in log-on sign-up sign-in "
    "sign-off start-up set-up back-up built-in built-up plug-in add-on add-ons drop-off stand-up line-up make-up "
    "mix-up trade-off trade-offs kick-off run-up clean-up catch-up warm-up close-up hands-on hands-off opt-in "
    "opt-out buy-in drive-in drive-through spin-off cut-off lay-off face-to-face one-to-one day-to-day state-of- "
    "the-art down-to-earth after-hours after-school down-payment passer-by up-to-the-minute"
)
"""What is written with a hyphen though it begins or ends with a word of grammar."""
_ENDS_NAME = words("returns equals takes throws raises calls accepts then")


def _camel(parts: list[str]) -> str:
    return parts[0] + "".join(part[:1].upper() + part[1:] for part in parts[1:])


def _pascal(parts: list[str]) -> str:
    return "".join(part[:1].upper() + part[1:] for part in parts)


_CASES: dict[str, Callable[[list[str]], str]] = {
    "camel": _camel,
    "pascal": _pascal,
    "snake": "_".join,
    "kebab": "-".join,
    "constant": lambda parts: "_".join(parts).upper(),
}
CASES = frozenset(_CASES)


def cased(items: Items, index: int) -> tuple[str, int] | None:
    """The name behind "camel case", "snake case" and the like, as far as the next word of grammar."""
    if item_at(items, index).said not in _CASES or item_at(items, index + 1).said != "case":
        return None
    before = item_at(items, index - 1)
    renamed = before.said == "to" and any(item.said in _RENAMING for item in items[max(index - _SIGHT, 0) : index])
    if (before.is_grammar and not renamed) or before.said in ("a", "use", "uses", "using", "prefer", "prefers"):
        return None
    parts: list[str] = []
    place = index + 2
    while item_at(items, place).is_atom and not items[place].is_grammar and items[place].said not in _ENDS_NAME:
        parts.append(items[place].text.lower())
        place += 1
        if len(parts) > _LONGEST_NAME:
            return None
    if len(parts) < 2 or parts[0] in _NOT_NAMES or not "".join(parts).isalnum():
        return None
    return _CASES[items[index].said](parts), place


def dotted(items: Items, chain: Chain) -> Chain | None:
    """The name that ``chain`` begins with, underscores or dots in it."""
    if "_" in chain.signs:
        return _underscored(items, chain)
    count = 1
    while count < len(chain.atoms) and chain.signs[count - 1] == "." and not chain.atoms[count].is_grammar:
        count += 1
    name = _with_zeros(chain.cut(0, count))
    head = chain.atoms[0]
    if head.is_grammar and head.key not in OBJECTS:
        return None
    figures = [atom.kind is Kind.FIGURES for atom in name.atoms]
    if any(figures):
        return name if all(figures) and count >= 3 else None
    return name if count > 2 or (count > 1 and head.key in OBJECTS) else None


def _with_zeros(name: Chain) -> Chain:
    """The chain with "o" as the figure where all else is figures: ten dot o dot o dot one."""
    is_zero = [atom.text.lower() == "o" for atom in name.atoms]
    if not any(is_zero) or not all(
        zero or atom.kind is Kind.FIGURES for zero, atom in zip(is_zero, name.atoms, strict=True)
    ):
        return name
    atoms = tuple(
        msgspec.structs.replace(atom, text="0", kind=Kind.FIGURES) if zero else atom
        for zero, atom in zip(is_zero, name.atoms, strict=True)
    )
    return Chain(atoms, name.signs)


def _underscored(items: Items, chain: Chain) -> Chain | None:
    count = 1
    while count < len(chain.atoms) and chain.signs[count - 1] in "_.":
        count += 1
    name = chain.cut(0, count)
    while name.signs and name.signs[-1] == "." and name.atoms[-1].is_grammar:
        name = name.cut(0, len(name.atoms) - 1)
    if (
        "_" not in name.signs
        or name.atoms[0].key in _MENTIONS
        or (name.atoms[-1].text in _ABOUT_MARKS and name.signs.count("_") == 1)
    ):
        return None
    several = name.signs.count("_") > 1
    head, last = name.atoms[0], name.atoms[-1]
    if several:
        return name if not last.is_grammar or not head.is_grammar else None
    if any(atom.is_grammar for atom in name.atoms[1:]) or not _may_begin(items, head, last):
        return None
    return name


def _may_begin(items: Items, head: Atom, last: Atom) -> bool:
    """Whether ``head`` is the front of a name, and no subject of the verb "underscore"."""
    if head.key in ("a", "i"):
        return last.kind is not Kind.WORD
    before = item_at(items, head.first - 1).said
    if head.is_grammar:
        return before in CODE_WORDS
    is_plural = head.key.endswith("s") and not head.key.endswith(("ss", "us", "is"))
    after = item_at(items, last.last).said
    return after != "of" and not (is_plural and before not in CODE_WORDS)


def reference(items: Items, index: int) -> tuple[str, int] | None:
    """The number of a case, a plate or an order: letters and digits said one by one, with dashes between."""
    chain = chain_at(items, index, _DASHES)
    if chain is None or len(chain.atoms) < 2:
        return None
    if any(item.said == "minus" for item in items[chain.first : chain.last]):
        return None
    kinds = {atom.kind for atom in chain.atoms}
    if kinds != {Kind.LETTERS, Kind.FIGURES} or any(len(atom.text) < 2 for atom in chain.atoms):
        return None
    for atom in chain.atoms:
        item = items[atom.first]
        if item.last - item.first != len(atom.text) or (atom.kind is Kind.LETTERS and not atom.text.isalpha()):
            return None
    return str(chain).upper(), chain.last


def hyphenated(chain: Chain) -> Chain | None:
    """Words with a spoken hyphen between them: "well hyphen known"."""
    count = 1
    while count < len(chain.atoms) and chain.signs[count - 1] == "-":
        count += 1
    name = chain.cut(0, count)
    first, last = name.atoms[0], name.atoms[-1]
    if str(name).lower() in _COMPOUNDS:
        return name
    if first.key in _MENTIONS or first.key in ("a", "i") or last.key in _ABOUT_MARKS:
        return None
    if first.is_grammar or last.is_grammar or min(len(first.text), len(last.text)) < 2:
        return None
    if all(atom.kind is Kind.FIGURES for atom in name.atoms):
        return None
    if count == 2 and (first.kind is Kind.LETTERS or last.kind is Kind.LETTERS):
        return None
    return name if count > 1 else None
