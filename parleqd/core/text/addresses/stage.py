"""Stage: write the addresses, file names, identifiers and options that were spelled out."""

from __future__ import annotations

from parleqd.core.text.addresses import command_lines, identifiers, mail, operators, paths, web
from parleqd.core.text.addresses.chains import Chain, chain_at
from parleqd.core.text.addresses.items import SIGNS, Items, Kind, item_at, read
from parleqd.core.text.tokens import Change, Tokens, tokenise

_TRIGGERS = (frozenset(SIGNS) - {"at", "plus", "star"}) | identifiers.CASES | {"semicolon"}
_IN_CHAIN = frozenset("._-/\\")

_Found = tuple[str, int, int]  # the text, its first item, the item behind it


def find(tokens: Tokens) -> list[Change]:
    """Where something was spelled out. What is in doubt stays as it was said."""
    if not _may_be_there(tokens):
        return []
    items = read(tokens)
    code = operators.is_code(tokens)
    changes: list[Change] = []
    done = 0
    for index in range(len(items)) if code else _places(items):
        found = _at(items, index) or _spelled_command(items, index) if index >= done else None
        if found is None and code and index >= done:
            found = _operator(items, index)
        if found is None:
            continue
        text, start, done = found
        first, last = items[start].first, items[done - 1].last
        if changes and changes[-1].last > first:
            continue
        written = tokenise(text)
        if [token.text for token in tokens[first:last]] != [token.text for token in written]:
            changes.append(Change(first, last, (written[0].with_gap(tokens[first].gap), *written[1:])))
    return changes


def _may_be_there(tokens: Tokens) -> bool:
    keys = {token.key for token in tokens}
    return not _TRIGGERS.isdisjoint(keys) or ("at" in keys and any("." in key[1:-1] for key in keys))


def _places(items: Items) -> list[int]:
    """Where something spelled out may begin, in order: at a sign, shortly before one, or before "case"."""
    places: set[int] = set()
    for index, item in enumerate(items):
        if item.kind is Kind.SIGN:
            places.update((index - 2, index - 1, index))
        elif item.said == "case":
            places.add(index - 1)
    return sorted(index for index in places if index >= 0)


def _at(items: Items, index: int) -> _Found | None:
    """What was spelled out from ``index`` on, if anything was."""
    item = items[index]
    if item.kind is Kind.END:
        return None
    found: tuple[str, int] | None = None
    if item.kind is Kind.SIGN:
        found = _behind_sign(items, index)
    elif item_at(items, index + 1).said == "case":
        found = identifiers.cased(items, index)
    if found is None and item.is_atom:
        follower = item_at(items, index + 1)
        if follower.kind is Kind.SIGN or item_at(items, index + 2).kind is Kind.SIGN:
            return _chained(items, index)
    return None if found is None else (found[0], index, found[1])


def _spelled_command(items: Items, index: int) -> _Found | None:
    """A command whose letters were said one by one, which become its name."""
    item = items[index]
    is_spelled = item.kind is Kind.WORD and item.last - item.first > 1
    return (item.text, index, index + 1) if is_spelled else None


def _operator(items: Items, index: int) -> _Found | None:
    found = operators.operator(items, index)
    if found is not None and found[0] in ("++", "--") and item_at(items, index - 1).is_atom:
        return items[index - 1].text + found[0], index - 1, found[1]
    return None if found is None else (found[0], index, found[1])


def _behind_sign(items: Items, index: int) -> tuple[str, int] | None:
    sign = items[index].text
    if sign == "-":
        return command_lines.option(items, index, command_lines.command_before(items, index))
    if sign in ("/", "~", "."):
        command = command_lines.command_before(items, index)
        found = paths.absolute(items, index, in_command=bool(command)) or paths.hidden(items, index)
        return found or (command_lines.lone_sign(items, index) if command else None)
    if sign == "|":
        return command_lines.lone_sign(items, index) if command_lines.command_before(items, index) else None
    return paths.wildcard(items, index) if sign == "*" else None


def _chained(items: Items, index: int) -> _Found | None:
    found = web.url(items, index) or command_lines.joined(items, index)
    found = found or paths.absolute(items, index, in_command=False)
    if found is not None:
        return found[0], index, found[1]
    local = chain_at(items, index, mail.LOCAL)
    address = None if local is None else mail.address(items, local)
    if address is not None:
        return address
    chain = chain_at(items, index, _IN_CHAIN)
    if chain is None:
        return None
    found = web.host(items, chain)
    if found is None and (code := identifiers.reference(items, index)) is not None:
        return code[0], index, code[1]
    if found is None and paths.is_choice(chain):
        found = str(chain), chain.last
    if found is None and len(chain.atoms) > 1 and not paths.leads_to_root(items, chain):
        found = _name(items, chain)
    return None if found is None else (found[0], index, found[1])


def _name(items: Items, chain: Chain) -> tuple[str, int] | None:
    command = command_lines.command_before(items, chain.atoms[0].last)
    is_argument = bool(command) and items[chain.first - 1].text != "-"  # "-f /tmp" are two
    name = paths.relative(chain, in_command=is_argument) or identifiers.dotted(items, chain)
    if name is None and not command:
        name = identifiers.hyphenated(chain)
    if name is None:
        return None
    text = str(name)
    if "_" in text and any(piece.islower() for piece in text.split("_")):
        text = "_".join(piece.lower() if piece.isupper() else piece for piece in text.split("_"))  # user_ID
    return text, name.last
