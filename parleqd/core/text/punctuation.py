"""Stage: write spoken punctuation as marks, and drop what the recogniser wrote around the spoken words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from parleqd.core.text.capitals import capitalised, takes_capital
from parleqd.core.text.lexicon import FUNCTION_WORDS, words
from parleqd.core.text.spoken_marks import Command, Role, commands
from parleqd.core.text.tokens import COMMA, PAUSES, SENTENCE_END, Change, Token, Tokens, key_at, mark

_RECOGNISER_MARKS = PAUSES | SENTENCE_END | frozenset(";:")
_SALUTATIONS = words(
    "dear hi hello hey good best kind warm many thanks regards sincerely yours cheers "
    "liebe lieber hallo guten sehr viele mit cher chère chers chères bonjour bonsoir salut bien cordialement "
    "querido querida queridos estimado estimada estimados hola buenos buenas atentamente un"
)
_LONGEST_SALUTATION = 5  # words
_NEVER_TWICE = frozenset(",.:;")
_SENTENCE_GOES_ON = frozenset(",;–&")

_HOURS = re.compile(r"[01]?[0-9]|2[0-4]")
_MINUTES = re.compile(r"[0-5][0-9]")

Item = Token | Command


def find(
    tokens: Tokens,
    *,
    capitals: bool = True,
    spoken: Callable[[Tokens], Sequence[Command]] = commands,
    grammar: frozenset[str] = FUNCTION_WORDS,
) -> list[Change]:
    """Where marks are spoken. ``capitals``: the line behind a spoken break takes a capital.

    ``spoken`` finds the spoken marks of a language; ``grammar`` are its words that take a small letter within a
    sentence.
    """
    return [_written(tokens, cluster, capitals, grammar) for cluster in _clusters(tokens, spoken(tokens))]


def _clusters(tokens: Tokens, found: Sequence[Command]) -> list[list[Command]]:
    """Commands in groups: those with nothing but a recogniser's marks between them are written together."""
    clusters: list[list[Command]] = []
    for command in found:
        between = tokens[clusters[-1][-1].last : command.first] if clusters else ()
        if clusters and all(token.key in _RECOGNISER_MARKS for token in between):
            clusters[-1].append(command)
        else:
            clusters.append([command])
    return clusters


def _written(tokens: Tokens, cluster: list[Command], capitals: bool, grammar: frozenset[str]) -> Change:
    """The change that writes ``cluster`` out: marks behind the word before it, breaks before the word behind it."""
    first, last = _extent(tokens, cluster)
    written: list[Token] = []
    breaks = ""
    apart = first > 0  # whether what comes next may have a blank before it
    for item in _kept(tokens, cluster, first, last):
        if isinstance(item, Token):
            written.append(item)
        elif item.role is Role.LAYOUT:
            breaks += item.symbol
        else:
            apart = apart and not (item.symbol in ("(", "[") and not breaks and _is_code_name(tokens, first, written))
            blank = " " if apart and item.role in (Role.OPENER, Role.DASH, Role.PREFIX) else ""
            written.append(mark(item.symbol, breaks or blank))
            breaks, apart = "", item.role not in (Role.OPENER, Role.PREFIX)
    if last < len(tokens):
        follower = tokens[last]
        blank = (
            "" if not apart or _is_clock_time(tokens, cluster) else follower.gap or (" " if follower.is_word else "")
        )
        if cluster[-1].role is Role.PREFIX:  # one word with it, as it would be read
            follower, blank = follower.with_text(cluster[-1].symbol + follower.text), written.pop().gap
        written.append(_recased(follower.with_gap(breaks or blank), written, bool(breaks) and capitals, grammar))
        last += 1
    elif breaks:
        written.append(Token(breaks, "", "", False))
    kept = next((n for n, token in enumerate(written) if token is not tokens[first + n]), len(written))
    return Change(first + kept, last, tuple(written[kept:]))


def _is_code_name(tokens: Tokens, first: int, written: list[Token]) -> bool:
    """Whether the word before is a name in program code, whose bracket follows at once: get_name()."""
    before = written[-1] if written else tokens[first - 1]
    return before.is_word and ("_" in before.text.strip("_") or before.key.startswith("self."))


def _is_clock_time(tokens: Tokens, cluster: list[Command]) -> bool:
    """Whether a spoken colon stands between hours and minutes in figures: "10 colon 30"."""
    colon = cluster[0]
    hours, minutes = key_at(tokens, colon.first - 1), key_at(tokens, colon.last)
    return len(cluster) == 1 and colon.symbol == ":" and bool(_HOURS.fullmatch(hours) and _MINUTES.fullmatch(minutes))


def _extent(tokens: Tokens, cluster: list[Command]) -> tuple[int, int]:
    """The cluster with the recogniser's marks on both sides of it."""
    first, last = cluster[0].first, cluster[-1].last
    while key_at(tokens, first - 1) in _RECOGNISER_MARKS:
        first -= 1
    while key_at(tokens, last) in _RECOGNISER_MARKS and "\n" not in tokens[last].gap:  # there it is a list item's
        last += 1
    return first, last


def _kept(tokens: Tokens, cluster: list[Command], first: int, last: int) -> list[Item]:
    """The commands, and those of the recogniser's marks that say something the commands do not."""
    kept: list[Item] = []
    index = first
    for command in cluster:
        while index < command.first:
            if _stands(tokens, index, kept, command):
                kept.append(tokens[index])
            index += 1
        if not _says_again(kept, command):
            kept.append(command)
        index = command.last
    kept += [token for token in tokens[index:last] if _ends_closed_sentence(token, kept)][:1]
    return kept


def _says_again(kept: list[Item], command: Command) -> bool:
    """Whether ``command`` is a mark said twice, of those that never stand twice."""
    last = kept[-1] if kept else None
    return isinstance(last, Command) and last.symbol == command.symbol and command.symbol in _NEVER_TWICE


def _stands(tokens: Tokens, index: int, kept: list[Item], target: Command) -> bool:
    """Whether the recogniser's mark at ``index`` stays before the command ``target``."""
    key = tokens[index].key
    if kept and isinstance(kept[-1], Command):
        return target.role is Role.LAYOUT and _ends_closed_sentence(tokens[index], kept)
    if target.role in (Role.MARK, Role.DASH):
        return False
    if key == COMMA:
        return target.role is Role.LAYOUT and _is_salutation(tokens, index)
    return key in SENTENCE_END or (key == ":" and target.role is not Role.CLOSER)


def _ends_closed_sentence(token: Token, kept: list[Item]) -> bool:
    """Whether ``token`` ends a sentence that a spoken quotation mark or bracket closed without ending it."""
    closer = kept[-1]
    ended = len(kept) > 1 and isinstance(kept[-2], Token)
    return token.key in SENTENCE_END and isinstance(closer, Command) and closer.role is Role.CLOSER and not ended


def _is_salutation(tokens: Tokens, index: int) -> bool:
    """Whether the line or sentence before ``index`` is a greeting or a close, whose comma is no accident."""
    for start in range(index - 1, max(index - 1 - _LONGEST_SALUTATION, -1), -1):
        token = tokens[start]
        if not token.is_word:
            return False
        if token.key in _SALUTATIONS and (start == 0 or "\n" in token.gap or not tokens[start - 1].is_word):
            return True
    return False


def _recased(follower: Token, written: list[Token], begins_line: bool, grammar: frozenset[str]) -> Token:
    """The word behind the cluster, with the capital or small letter that the marks before it ask for."""
    if begins_line:
        return capitalised(follower) if follower.is_word and takes_capital(follower) else follower
    goes_on = bool(written) and written[-1].key in _SENTENCE_GOES_ON
    is_grammar = follower.key in grammar and follower.key != "i" and not follower.key.startswith("i'")
    if goes_on and is_grammar and follower.is_capitalised and follower.text[1:] == follower.text[1:].lower():
        return follower.with_text(follower.text.lower())
    return follower
