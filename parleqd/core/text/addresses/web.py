"""Host names and web addresses: "docs dot example dot org slash install"."""

from __future__ import annotations

import re

from parleqd.core.text.addresses.chains import DASH, Chain, atom_at, bare, chain_at, genitive
from parleqd.core.text.addresses.items import Items, Kind, item_at
from parleqd.core.text.addresses.names import (
    DOMAINS,
    DOMAINS_THAT_ARE_WORDS,
    DOT_COM_NOUNS,
    NOT_HOSTS,
    PLAIN_ADJECTIVES,
    SITES,
)
from parleqd.core.text.lexicon import DETERMINERS, words

_SCHEMES = words("http https ftp sftp ssh ws wss file git")
_IN_HOST = frozenset((".", "-", DASH))
_IN_SEGMENT = frozenset((".", "-", "_", DASH))
_IN_QUERY = frozenset(("=", "&", "-", "_", ".", DASH))
_WRITTEN_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PAGES = words("about us me all more most some off in out up down here there team")
"""Words of grammar that are pages of a site: example.com/about."""
_INDEFINITE = words("a an another any some every each no one")


def url(items: Items, index: int) -> tuple[str, int] | None:
    """The address with a scheme or "www" that begins at ``index``, and the item behind it."""
    scheme = item_at(items, index)
    if scheme.text.lower() in _SCHEMES and [item_at(items, index + n).text for n in (1, 2, 3)] == [":", "/", "/"]:
        host = chain_at(items, index + 4, _IN_HOST)
        if host is None or host.atoms[0].is_grammar:
            return None
        return _with_path(items, f"{scheme.text.lower()}://{str(host).lower()}", host.last)
    if scheme.said == "localhost" and item_at(items, index + 2).kind is Kind.FIGURES:
        address = _with_path(items, scheme.text.lower(), index + 1)
        return address if address is not None and address[1] > index + 1 else None
    if scheme.text.lower() != "www" or item_at(items, index + 1).text != ".":
        return None
    host = chain_at(items, index, _IN_HOST)
    if host is None or len(host.atoms) < 2:
        return None
    count = len(host.atoms)
    while count > 2 and host.atoms[count - 1].is_grammar and not _ends_host(host.cut(0, count), True):
        count -= 1
    host = host.cut(0, count)
    return _with_path(items, str(host).lower(), host.last)


def host_of(chain: Chain, *, certain: bool) -> Chain | None:
    """The part of ``chain``, from its beginning on, that is the name of a host; None where there is none.

    ``certain``: other words tell that it is one (an at sign), so any domain will do.
    """
    dots = 0
    while dots < len(chain.signs) and chain.signs[dots] in (_IN_HOST if certain else "."):
        dots += 1
    for count in range(min(dots + 1, len(chain.atoms)), 0, -1):
        host = chain.cut(0, count)
        if _ends_host(host, certain):
            return host
    return None


def _ends_host(host: Chain, certain: bool) -> bool:
    last = host.atoms[-1]
    if any(
        atom.is_grammar and not (certain and sign == "-") for atom, sign in zip(host.atoms, host.signs, strict=False)
    ):
        return False
    if len(host.atoms) == 1:
        name = bare(last.text)
        return _WRITTEN_HOST.fullmatch(name) is not None and name.rpartition(".")[2].lower() in DOMAINS
    if host.signs[-1] != ".":
        return False
    if last.kind is Kind.LETTERS and len(last.text) > 1:
        return certain or host.atoms[-2].kind is Kind.LETTERS or last.key in DOMAINS
    return last.key in DOMAINS or (certain and last.key in DOMAINS_THAT_ARE_WORDS)


def host(items: Items, chain: Chain) -> tuple[str, int] | None:
    """The host that ``chain`` begins with, and what follows it in the address; None where it is none, or in doubt."""
    name = host_of(chain, certain=False)
    if name is None or len(name.atoms) < 2:
        head = chain.atoms[0]
        if name is not None and item_at(items, head.last).text == "/" and not genitive(head.text):
            return _with_path(items, str(name), name.last, needs_path=True)
        return None
    before, after = item_at(items, name.first - 1).said, item_at(items, name.last).said
    head, domain = name.atoms[0], name.atoms[-1].key
    if len(name.atoms) == 2:
        if head.key in PLAIN_ADJECTIVES or (before in _INDEFINITE and after not in SITES):
            return None
        if after in DOT_COM_NOUNS or (len(head.text) == 1 and (head.key in "ai" or domain != "com")):
            return None
        if domain == "net" and (head.key in NOT_HOSTS or after in ("core", "framework")):
            return None
        if domain not in ("com", "net", "org") and before in DETERMINERS and after not in SITES:
            return None
    text = str(name).lower() if len(name.atoms) > 2 else str(name)  # Booking.com has a capital of its own
    if genitive(text):
        return text, name.last
    return _with_path(items, text, name.last)


def _with_path(items: Items, text: str, index: int, *, needs_path: bool = False) -> tuple[str, int] | None:
    """``text`` with the port, the path and the query that follow from ``index`` on, and where they end."""
    port = item_at(items, index + 1)
    if item_at(items, index).text == ":" and port.kind is Kind.FIGURES:
        text, index = f"{text}:{port.text}", index + 2
    start = index
    while item_at(items, index).text == "/":
        segment = segment_at(items, index + 1)
        if segment is None:
            if item_at(items, index + 1).kind is Kind.END:
                text, index = text + "/", index + 1
            break
        text, index = f"{text}/{segment}", segment.last
    if needs_path and index == start:
        return None
    if item_at(items, index).text in ("?", "#") and item_at(items, index).kind is Kind.SIGN:
        query = chain_at(items, index + 1, _IN_QUERY)
        is_query = query is not None and ("=" in query.signs or item_at(items, index).text == "#")
        if query is not None and is_query:
            text, index = f"{text}{item_at(items, index).text}{query}", query.last
    return text, index


def segment_at(items: Items, index: int) -> Chain | None:
    """The part of a path from ``index`` on, as far as it surely goes."""
    first = atom_at(items, index, behind_sign=True)
    if first is None:
        return None
    follower = item_at(items, first.last)
    if first.is_grammar and follower.text not in ("-", "_"):
        is_page = first.key in _PAGES and (follower.kind is Kind.END or follower.text == "/")
        return Chain((first,), ()) if is_page else None
    chain = chain_at(items, index, _IN_SEGMENT)
    if chain is None:
        return None
    count = 1
    while count < len(chain.atoms) and not chain.atoms[count].is_grammar:
        count += 1
    behind = item_at(items, chain.last)
    if count == len(chain.atoms) - 1 and (behind.kind is Kind.END or behind.text == "/"):
        count += 1  # "slash about dash us"
    return chain.cut(0, count)
