"""Read plain cardinals and ordinals in running text: large ones become digits, small ones stay words."""

from __future__ import annotations

import msgspec

from parleqd.core.text.numbers import amounts, cardinals
from parleqd.core.text.numbers.amounts import Amount
from parleqd.core.text.numbers.cardinals import Number
from parleqd.core.text.numbers.numerals import grouped
from parleqd.core.text.numbers.phrase import Phrase, Reading


class Surroundings(msgspec.Struct, frozen=True):
    """Words of a language that tell what a number beside them is.

    ``after_signed``: what a signed number, or one that begins with the point, follows where it is a value and
    no sum ("is minus two"). ``one_point``: what "one point" follows as two words ("at one point five people").
    ``of``: what makes an ordinal a fraction. ``spans``: ordinals that are spans of time too (a thirty second
    break), and ``before_spans`` the words that then stand before the number.
    """

    after_signed: frozenset[str] = frozenset()
    one_point: frozenset[str] = frozenset()
    of: frozenset[str] = frozenset()
    spans: frozenset[str] = frozenset()
    before_spans: frozenset[str] = frozenset()
    span_things: frozenset[str] = frozenset()


def read(phrase: Phrase, at: int, around: Surroundings) -> Reading | None:
    """The number at ``at`` in digits; None where prose keeps it in words."""
    number = phrase.number(at)
    if number is not None and number.is_ordinal:
        return _ordinal(phrase, at, number, around)
    amount = amounts.read(phrase, at)
    if amount is None or amount.spelled or amount.has_half:
        return None
    if amount.is_negative or (not amount.whole and amount.decimals):
        return _value(phrase, at, amount, around)
    if amount.decimals:
        is_moment = amount.whole == "1" and phrase.before(at) in around.one_point and not amount.scale
        return None if is_moment else Reading(at, amount.last, amount.written(phrase))
    if _stays(phrase, at, amount):
        return None
    return Reading(at, amount.last, amount.written(phrase))


def _stays(phrase: Phrase, at: int, amount: Amount) -> bool:
    """Whether prose has it in words: a small number, "a hundred", a word that begins a sentence."""
    numerals, keys = phrase.numerals, phrase.keys
    if keys[at] in numerals.articles:
        return amount.words == 2 or not numerals.hundreds.keys() & set(keys[at : amount.last])
    if amount.scale:
        return False
    if amount.value <= numerals.words_up_to:
        return True
    is_sentence_start = phrase.opens_clause(at) and phrase.spelled[at][:1].isupper()
    return is_sentence_start and amount.words == 1


def _value(phrase: Phrase, at: int, amount: Amount, around: Surroundings) -> Reading | None:
    """A signed number, or one that begins with the point. "ten minus two" and "the point two people made" are none."""
    before = phrase.before(at)
    if at and phrase.is_number(at - 1):
        return None
    follows = phrase.opens_clause(at) or before in around.after_signed
    is_large = amount.value > phrase.numerals.words_up_to or (bool(amount.decimals) and bool(amount.whole))
    if not follows and not (is_large and amount.is_negative):
        return None
    if not is_large and not phrase.ends_clause(amount.last):
        return None
    if not amount.whole and len(amount.decimals) == 1 and not follows:
        return None
    return Reading(at, amount.last, amount.written(phrase))


def _ordinal(phrase: Phrase, at: int, number: Number, around: Surroundings) -> Reading | None:
    numerals, keys = phrase.numerals, phrase.keys
    last_word = keys[number.last - 1]
    if last_word in around.spans and number.last - at > 1 and _is_span(phrase, at, number, around):
        if phrase.parts_token(number.last - 1):
            return None
        cardinal = cardinals.read([*keys[at : number.last - 1], *[""] * 4], 0, numerals)
        if cardinal is None or cardinal.value <= numerals.words_up_to:
            return None
        return Reading(at, number.last, f"{cardinal.value} {phrase.spelled[number.last - 1]}")
    if last_word in numerals.scale_ordinals and keys[number.last] in around.of:
        return None  # one hundredth of a second
    if 0 < number.value <= numerals.ordinal_words_up_to:
        return None
    is_sentence_start = phrase.opens_clause(at) and phrase.spelled[at][:1].isupper()
    if is_sentence_start and number.last == at + 1:
        return None
    text = grouped(str(number.value), numerals) + numerals.ordinal_suffix(number.value)
    return Reading(at, number.last, text)


def _is_span(phrase: Phrase, at: int, number: Number, around: Surroundings) -> bool:
    return phrase.before(at) in around.before_spans or phrase.keys[number.last] in around.span_things
