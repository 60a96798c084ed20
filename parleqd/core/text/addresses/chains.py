"""Chains: words, letters and figures with a spoken sign between each two of them."""

from __future__ import annotations

import msgspec

from parleqd.core.text.addresses.items import Items, Kind, item_at
from parleqd.core.text.addresses.names import HALVES

_LONGEST = 24  # atoms; a bound on time for texts made to defeat it
DASH = "dash"
"""The sign when it was said as "dash", which parts sentences too, and not as "hyphen"."""
_DASHES = frozenset(("dash", "minus"))


class Atom(msgspec.Struct, frozen=True):
    """What stands between two signs: ``items[first:last]``, written as ``text``."""

    text: str
    first: int
    last: int
    kind: Kind
    is_grammar: bool = False

    @property
    def key(self) -> str:
        """The form to look it up by, without the ending of a genitive."""
        return bare(self.text).lower()


class Chain(msgspec.Struct, frozen=True):
    """``atoms`` with ``signs[n]`` between ``atoms[n]`` and the next."""

    atoms: tuple[Atom, ...]
    signs: tuple[str, ...]

    @property
    def first(self) -> int:
        """The item it begins with."""
        return self.atoms[0].first

    @property
    def last(self) -> int:
        """The item behind it."""
        return self.atoms[-1].last

    def cut(self, start: int, stop: int) -> Chain:
        """Its atoms from ``start`` to ``stop`` and what stands between them."""
        return Chain(self.atoms[start:stop], self.signs[start : stop - 1])

    def __str__(self) -> str:
        pieces = [self.atoms[0].text]
        for sign, atom in zip(self.signs, self.atoms[1:], strict=True):
            pieces += (sign, atom.text)
        return "".join(pieces)


def bare(text: str) -> str:
    """``text`` without the ending of a genitive (example.com's)."""
    return text[:-2] if text.lower().endswith(("'s", "’s")) else text


def genitive(text: str) -> str:
    """That ending."""
    return text[len(bare(text)) :]


def atom_at(items: Items, index: int, *, behind_sign: bool) -> Atom | None:
    """The atom that begins at ``index``. A letter and a word, or a word and a figure, said before a sign are one."""
    item = item_at(items, index)
    if not item.is_atom:
        return None
    follower = item_at(items, index + 1)
    before_sign = item_at(items, index + 2).text in (".", "@", "_") and item_at(items, index + 2).kind is Kind.SIGN
    if before_sign and follower.kind is Kind.WORD:
        letters = item.kind is Kind.LETTERS and (
            behind_sign or (item.said not in ("a", "i") and item_at(items, index - 1).kind is not Kind.SIGN)
        )
        if (letters and not follower.is_grammar) or (item.said, follower.said) in HALVES:
            return Atom(item.text + follower.text, index, index + 2, Kind.WORD)
    if before_sign and item.kind is Kind.WORD and follower.kind is Kind.FIGURES and not item.is_grammar:
        return Atom(item.text + follower.text, index, index + 2, Kind.WORD)
    return Atom(item.text, index, index + 1, item.kind, item.is_grammar)


def chain_at(items: Items, index: int, signs: frozenset[str]) -> Chain | None:
    """The longest chain from ``index`` on whose signs are among ``signs``; an atom alone is one.

    A hyphen said as "dash" counts where ``DASH`` is among them.
    """
    atom = atom_at(items, index, behind_sign=index > 0 and items[index - 1].text in ("@", "/", "."))
    if atom is None:
        return None
    atoms = [atom]
    between: list[str] = []
    while len(atoms) < _LONGEST:
        sign = item_at(items, atoms[-1].last)
        name = DASH if sign.said in _DASHES else sign.text
        following = atom_at(items, atoms[-1].last + 1, behind_sign=True)
        if sign.kind is not Kind.SIGN or name not in signs or following is None:
            break
        between.append(sign.text)
        atoms.append(following)
    return Chain(tuple(atoms), tuple(between))
