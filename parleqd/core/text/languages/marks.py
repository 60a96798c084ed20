"""Find the words that are said to be punctuation, by the tables of a language."""

from __future__ import annotations

from parleqd.core.text.languages.tables import Language, Marks
from parleqd.core.text.spoken_marks import Command, Role, paired
from parleqd.core.text.tokens import SENTENCE_END, Tokens, is_enclosed, key_at, quoted

_DOMAINS = frozenset("com org net de eu at ch fr be es mx ar info io html pdf txt py js".split())
_BETWEEN_NUMBERS = frozenset(",.:")
_REACH = 4
"""How far a subordinator reaches."""


def commands(tokens: Tokens, language: Language) -> list[Command]:
    """The spoken marks in order. Quotation marks and brackets only in pairs; nothing inside written quotes."""
    table = language.marks.forms
    candidates = [index for index, token in enumerate(tokens) if token.key in table]
    if not candidates:
        return []
    untouchable = quoted(tokens)
    punctuated = any(token.key in SENTENCE_END for token in tokens)
    found: list[Command] = []
    behind = 0
    for index in candidates:
        command = None if index < behind or index in untouchable else _command(tokens, index, language.marks)
        if command is not None:
            behind = command.last
            doubtful = punctuated and command.symbol in language.marks.ambiguous
            if _is_meant(tokens, command, language) and not (doubtful and _runs_on(tokens, command, language)):
                found += _parted(command)
    return paired(found)


def _runs_on(tokens: Tokens, command: Command, language: Language) -> bool:
    """Whether words stand close around the mark that are of one sentence by the recogniser's punctuation."""
    before, after = tokens[command.first - 1], tokens[command.last : command.last + 1]
    if not before.is_word or not after or not after[0].is_word or "\n" in after[0].gap:
        return False
    if after[0].key in language.marks.forms:
        return False
    # A noun of German has a capital anyway; a word of grammar only where a sentence begins.
    begins = after[0].is_capitalised and after[0].key in language.function_words
    return not begins


def _parted(command: Command) -> list[Command]:
    """A mark and the break behind it, where one phrase says both: punto y aparte."""
    mark, line, more = command.symbol.partition("\n")
    if not (mark and line):
        return [command]
    second = command.first + 1
    return [Command(command.first, second, mark, Role.MARK), Command(second, command.last, line + more, Role.LAYOUT)]


def _command(tokens: Tokens, index: int, marks: Marks) -> Command | None:
    for spoken, symbol, role in marks.forms[tokens[index].key]:
        said = tokens[index : index + len(spoken)]
        if tuple(token.key for token in said) == spoken and not any("\n" in token.gap for token in said[1:]):
            return Command(index, index + len(spoken), symbol, role)
    return None


def _is_meant(tokens: Tokens, command: Command, language: Language) -> bool:
    """Whether the words are a command: no noun in a sentence, no name, no part of a number or an address."""
    marks = language.marks
    first, last, symbol = command.first, command.last, command.symbol
    before = "" if "\n" in tokens[first].gap else key_at(tokens, first - 1)
    after = "" if last == len(tokens) or "\n" in tokens[last].gap else tokens[last].key
    if is_enclosed(tokens, first, last):
        return False
    if command.role in (Role.OPENER, Role.CLOSER):
        return True
    if command.role is not Role.LAYOUT and (not before or _is_start(tokens, first)):
        return command.role is Role.PREFIX  # nothing stands before it that it could end
    if (
        before in marks.noun_follows
        or before in marks.before.get(symbol, ())
        or _says_more(tokens, last, marks, symbol)
    ):
        return False
    if symbol in _BETWEEN_NUMBERS and (_is_number(after, language) or after in _DOMAINS):
        return not _is_part(tokens, command, language)
    adjective = marks.adjectives.get(symbol)
    if adjective is not None and adjective.search(f"{key_at(tokens, first - 2)} {tokens[first - 1].text}"):
        return False
    return tokens[first].key not in marks.verbs or _is_no_verb(tokens, command, language)


def _says_more(tokens: Tokens, last: int, marks: Marks, symbol: str) -> bool:
    """Whether the word behind makes one thing with the mark and is not itself the next: punto de vista."""
    if last == len(tokens) or "\n" in tokens[last].gap or tokens[last].key not in marks.behind.get(symbol, ()):
        return False
    return tokens[last].key not in marks.forms or _command(tokens, last, marks) is None


def _is_start(tokens: Tokens, first: int) -> bool:
    """Whether a mark stands before the words that ends a sentence, so that they say something themselves."""
    return key_at(tokens, first - 1) in SENTENCE_END and key_at(tokens, first + 1) not in (*SENTENCE_END, ",", "")


def _is_number(key: str, language: Language) -> bool:
    return key[:1].isdigit() or key.partition("-")[0] in language.grammar.vocabulary.cardinals


def _is_part(tokens: Tokens, command: Command, language: Language) -> bool:
    """Whether the mark is part of a number or an address, or numbered itself. Of several numbers it parts it is not."""
    after, name = tokens[command.last].key, tokens[command.first].key
    if after in _DOMAINS:
        return True
    if not _is_number(key_at(tokens, command.first - 1), language):
        return command.symbol != ","  # Punkt drei
    again = (key_at(tokens, command.first - 2), key_at(tokens, command.last + 1))
    return command.symbol != "," or name not in again


def _is_no_verb(tokens: Tokens, command: Command, language: Language) -> bool:
    """Whether a word that is a verb too ("coma") is a mark: no subordinator before, or a new clause behind."""
    behind = key_at(tokens, command.last)
    if behind in language.comma_before or not behind or not tokens[command.last].is_word:
        return True
    earlier = tokens[max(command.first - _REACH, 0) : command.first]
    return language.marks.subordinators.isdisjoint(token.key for token in earlier)
