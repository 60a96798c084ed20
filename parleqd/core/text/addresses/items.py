"""Read tokens as what a spelled-out address is made of: words, single letters and figures, signs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

import msgspec

from parleqd.core.text.addresses.names import DIRECTORIES, RUN
from parleqd.core.text.lexicon import FUNCTION_WORDS
from parleqd.core.text.tokens import Token, Tokens, key_at, quoted


class Kind(Enum):
    """What an item is to an address."""

    WORD = auto()
    LETTERS = auto()  # letters and figures said one by one
    FIGURES = auto()
    SIGN = auto()
    END = auto()  # a mark or a new line, which no address crosses


class Item(msgspec.Struct, frozen=True, gc=False):
    """``tokens[first:last]``, written as ``text``; ``said`` is the key of the first of them."""

    kind: Kind
    text: str
    first: int
    last: int
    said: str = ""

    @property
    def is_atom(self) -> bool:
        """Whether it can stand between signs."""
        return self.kind in (Kind.WORD, Kind.LETTERS, Kind.FIGURES)

    @property
    def is_grammar(self) -> bool:
        """Whether it is a word of grammar, which seldom is a name."""
        return self.kind is Kind.WORD and self.said in FUNCTION_WORDS


Items = Sequence[Item]

SIGNS = {
    "dot": ".", "underscore": "_", "dash": "-", "hyphen": "-", "minus": "-", "slash": "/", "backslash": "\\",
    "colon": ":", "at": "@", "plus": "+", "tilde": "~", "equals": "=", "ampersand": "&", "hash": "#", "star": "*",
    "asterisk": "*", "pipe": "|",
}  # fmt: skip
_PAIRS = {
    ("forward", "slash"): "/", ("back", "slash"): "\\", ("at", "sign"): "@", ("question", "mark"): "?",
    ("equal", "sign"): "=", ("equals", "sign"): "=", ("plus", "sign"): "+", ("hash", "sign"): "#",
}  # fmt: skip
_PAIR_HEADS = frozenset(first for first, _ in _PAIRS)
_LETTER_NAMES = {("double", "u"): "w", ("double", "you"): "w", ("triple", "w"): "www"}
_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_VALUES = {word: value for value, word in enumerate([*_UNITS.split(), "seventeen", "eighteen", "nineteen"])}
_VALUES |= {
    word: value
    for value, word in zip(
        range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True
    )
}
_VALUES["oh"] = 0
_SCALES = {"hundred": 100, "thousand": 1000}
_MULTIPLES = {"double": 2, "triple": 3}
_SPELLING = frozenset(_VALUES) | frozenset(_MULTIPLES)
_TELLING = frozenset(SIGNS) | _PAIR_HEADS | _SPELLING
"""Words that may be something other than themselves."""
_SPELLED_COMMANDS = frozenset("cd ls rm cp mv df ssh scp".split())
_MOST_SPELLED = 64  # characters; what is longer was not spelled out


def read(tokens: Tokens) -> list[Item]:
    """The items of ``tokens`` in order. What stands between quotation marks is out of reach."""
    untouchable = quoted(tokens)
    items: list[Item] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if "\n" in token.gap:
            items.append(Item(Kind.END, "", index, index))
        if token.key not in _TELLING and len(token.key) > 1 and token.key.isalpha() and index not in untouchable:
            items.append(Item(Kind.WORD, token.text, index, index + 1, token.key))
            index += 1
            continue
        item = _item(tokens, index) if token.is_word and index not in untouchable else None
        item = item or Item(Kind.END, "", index, index + 1)
        if item.kind is Kind.LETTERS:
            item = _command(tokens, item, items[-1] if items else _OUTSIDE) or item
        items.append(item)
        index = item.last
    items.append(Item(Kind.END, "", index, index))
    return items


def _command(tokens: Tokens, item: Item, before: Item) -> Item | None:
    """The command whose name was spelled at ``item``, if a path or an option follows: c d slash home, l s dash l."""
    name = item.text.lower()
    if item.last - item.first < 2 or name not in _SPELLED_COMMANDS:
        return None
    if not (before.kind is Kind.END or before.said in RUN):
        return None
    sign, *behind = (key_at(tokens, item.last + n) for n in range(4))
    is_path = sign == "slash" and (behind[0] in DIRECTORIES or "slash" in behind[1:])
    is_path = is_path or (sign in ("dot", "tilde") and behind[0] in ("dot", "slash", ""))
    is_option = name != "cd" and sign in ("dash", "minus") and len(behind[0]) == 1
    return Item(Kind.WORD, name, item.first, item.last, name) if is_path or is_option else None


def item_at(items: Items, index: int) -> Item:
    """The item at ``index``; an end outside the text."""
    return items[index] if 0 <= index < len(items) else _OUTSIDE


_OUTSIDE = Item(Kind.END, "", 0, 0)


def _item(tokens: Tokens, index: int) -> Item:
    key = tokens[index].key
    sign = _pair(tokens, index, key)
    if sign is not None:
        return Item(Kind.SIGN, sign, index, index + 2, key)
    if key in SIGNS:
        return Item(Kind.SIGN, SIGNS[key], index, index + 1, key)
    letters, last = _spelled(tokens, index) if _may_be_spelled(key) else ("", index)
    if last > index:
        kind = Kind.FIGURES if letters.isdigit() else Kind.LETTERS
        return Item(kind, letters, index, last, key)
    if key != "|" and not any(char.isalnum() for char in key):
        return Item(Kind.END, "", index, index + 1)
    return Item(Kind.WORD, tokens[index].text, index, index + 1, key)


def _may_be_spelled(key: str) -> bool:
    return len(key) == 1 or key in _SPELLING or key[0].isdecimal() or "-" in key


def _pair(tokens: Tokens, index: int, key: str) -> str | None:
    if key not in _PAIR_HEADS or index + 1 >= len(tokens) or "\n" in tokens[index + 1].gap:
        return None
    return _PAIRS.get((key, tokens[index + 1].key))


def _spelled(tokens: Tokens, index: int) -> tuple[str, int]:
    """The letters and figures said one by one from ``index`` on, and where they end."""
    pieces: list[str] = []
    numbers: list[str] = []
    start = index
    while index < min(start + _MOST_SPELLED, len(tokens)):
        token = tokens[index]
        if not token.is_word or (index > start and "\n" in token.gap):
            break
        named = _LETTER_NAMES.get((token.key, tokens[index + 1].key)) if index + 1 < len(tokens) else None
        letters = named or _letters(token)
        if letters in ("o", "O") and numbers and not pieces:
            numbers.append("oh")  # four o four
        elif letters:
            pieces += (figures(numbers), letters)
            numbers = []
        elif times := _times(tokens, index):
            numbers.append(str(_VALUES[tokens[index + 1].key]) * times)
            index += 1
        elif token.key in _VALUES or token.key.isdecimal() or (numbers and token.key in _SCALES):
            numbers.append(token.key)
        else:
            break
        index += 2 if named else 1
    return "".join(pieces) + figures(numbers), index


def _times(tokens: Tokens, index: int) -> int:
    """How often the digit behind is meant, of "double five"; 0 where the words are none."""
    times = _MULTIPLES.get(tokens[index].key, 0)
    if not times or index + 1 >= len(tokens) or "\n" in tokens[index + 1].gap:
        return 0
    return times if _VALUES.get(tokens[index + 1].key, 10) < 10 else 0


def _letters(token: Token) -> str:
    if len(token.text) == 1 and token.text.isascii() and token.text.isalpha():
        return token.text
    if "-" in token.text and len(token.text) % 2 and set(token.text[1::2]) == {"-"} and token.text[::2].isalpha():
        return token.text[::2]  # w-w-w
    return ""


def figures(numbers: Sequence[str]) -> str:
    """Number words as an address has them: "one two three" 123, "eighty eighty" 8080, "three thousand" 3000."""
    found: list[tuple[int, str]] = []
    room = 0
    for word in numbers:
        if word.isdecimal():
            found.append((0, word))
            room = 0
        elif word in _SCALES and found and 0 < found[-1][0] < 100:
            value = found[-1][0] * _SCALES[word]
            found[-1] = (value, str(value))
            room = _SCALES[word]
        elif word in _VALUES:
            value = _VALUES[word]
            if 0 < value < room:
                value += found[-1][0]
                found[-1] = (value, str(value))
            else:
                found.append((value, str(value)))
            room = 10 if value % 100 >= 20 and value % 10 == 0 else 0
    return "".join(text for _, text in found)
