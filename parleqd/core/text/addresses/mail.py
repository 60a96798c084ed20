"""E-mail addresses: "anna dot kowalski at example dot com"."""

from __future__ import annotations

from parleqd.core.text.addresses import web
from parleqd.core.text.addresses.chains import DASH, Atom, Chain, chain_at, genitive
from parleqd.core.text.addresses.items import Items, Kind, item_at
from parleqd.core.text.addresses.names import MAIL_CUES, MAIL_HOSTS, MAIL_WORDS
from parleqd.core.text.lexicon import words

LOCAL = frozenset((".", "_", "-", "+", DASH))
"""The signs in front of the at sign."""

_HOST = frozenset((".", "-", DASH))
_LOGS_IN = words("ssh scp sftp rsync")
_SIGHT = 10  # items back to a word about mail
_NEVER_NAMES = words(
    "look looking looked work works working worked stay meet meeting see sign signing buy shop order book find found "
    "available online live hosted located based more here there started arrive arrived read visit register join more "
    "now out up down left right directly instead today tomorrow later again together listed posted published point "
    "is are be good great free best starting beginning opened account mailbox domain server page site website hosting"
)
"""What stands before "at" and is no name."""


def address(items: Items, local: Chain) -> tuple[str, int, int] | None:
    """The address whose front is ``local``, an at sign said behind it: its text, its first item, the item behind it."""
    sign = item_at(items, local.last)
    if sign.text != "@":
        return None
    behind = chain_at(items, local.last + 1, _HOST)
    if behind is None:
        return None
    host = web.host_of(behind, certain=True)
    if host is None or any(atom.is_grammar for atom in local.atoms[1:]) or genitive(str(local)):
        return None
    if local.signs[:1] == ("-",) and local.atoms[0].key in MAIL_WORDS:
        local = local.cut(1, len(local.atoms))  # "my mail dash anna dot …"
    local = _whole(items, local)
    sure = set(local.signs) - {"+"} != set() or sign.last > sign.first + 1
    head = local.atoms[0]
    if head.is_grammar or (len(local.atoms) == 1 and head.key in _NEVER_NAMES):
        return None
    if head.kind is Kind.LETTERS and len(head.text) > 1:
        sure = True
    if not sure and not _is_local(items, local, host):
        return None
    return f"{local}@{host}".lower(), local.first, host.last


def _whole(items: Items, local: Chain) -> Chain:
    """``local`` with the name before its initial or figure: "anna two", where a word about mail comes before."""
    head = local.atoms[0]
    before = item_at(items, head.first - 1)
    spelled = head.kind in (Kind.LETTERS, Kind.FIGURES) and len(head.text) <= 4
    if not spelled or before.kind is not Kind.WORD or before.is_grammar or before.said in MAIL_CUES:
        return local
    cue = item_at(items, head.first - 2)
    if cue.kind is not Kind.END and not _is_cue(items, head.first - 2):
        return local
    joined = Atom(before.text + head.text, head.first - 1, head.last, Kind.WORD)
    return Chain((joined, *local.atoms[1:]), local.signs)


def _is_local(items: Items, local: Chain, host: Chain) -> bool:
    """Whether a word alone is the name in an address, and not what happens at a place on the web."""
    if host.atoms[0].key.partition(".")[0] in MAIL_HOSTS:
        return True
    before, after = item_at(items, local.first - 1), item_at(items, host.last)
    if before.kind is Kind.END:
        alone = before.first == before.last == 0 and after.kind is Kind.END
        return alone and "+" not in local.signs
    return _is_cue(items, local.first - 1)


def _is_cue(items: Items, index: int) -> bool:
    """Whether the item at ``index`` announces an address: "email", "at", or "to" and "is" with a word about mail."""
    cue = item_at(items, index)
    if cue.said in MAIL_CUES or cue.said in _LOGS_IN or cue.text == "@":
        return True
    if cue.said not in ("to", "from", "is", "and", "or", "use", "via"):
        return False
    for place in range(index - 1, max(index - 1 - _SIGHT, -1), -1):
        item = items[place]
        if item.said in MAIL_WORDS or "@" in item.text[1:-1]:
            return True
        if item.kind is Kind.END and item.first == item.last:
            return False
    return False
