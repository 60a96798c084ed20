"""Stage: part words that were run together (alot), join words that were split (a nother), join spelled letters."""

from __future__ import annotations

from parleqd.core.text.lexicon import DETERMINERS, words
from parleqd.core.text.tokens import Change, Token, Tokens, key_at, quoted

# Only forms that are no words themselves: "its", "lets", "well", "ill" and "were" may be meant.
_PARTED = {
    "alot": "a lot", "abit": "a bit", "aswell": "as well", "eachother": "each other", "infact": "in fact",
    "atleast": "at least", "ofcourse": "of course", "thankyou": "thank you", "eventhough": "even though",
    "incase": "in case", "inspite": "in spite", "everytime": "every time", "highschool": "high school",
    "infront": "in front", "nevermind": "never mind", "goodmorning": "good morning", "noone": "no one",
    "dont": "don't", "doesnt": "doesn't", "didnt": "didn't", "isnt": "isn't", "wasnt": "wasn't",
    "werent": "weren't", "arent": "aren't", "havent": "haven't", "hasnt": "hasn't", "hadnt": "hadn't",
    "couldnt": "couldn't", "wouldnt": "wouldn't", "shouldnt": "shouldn't", "cant": "can't", "wont": "won't",
    "im": "I'm", "ive": "I've", "youre": "you're", "youve": "you've", "theyre": "they're", "theyve": "they've",
    "weve": "we've", "thats": "that's", "whats": "what's",
}  # fmt: skip
_ONLY_BEHIND_SUBJECTS = words("cant wont")  # "as is his wont"

_JOINED = {
    ("can", "not"): "cannot", ("a", "nother"): "another", ("an", "other"): "another", ("my", "self"): "myself",
    ("your", "self"): "yourself", ("him", "self"): "himself", ("her", "self"): "herself", ("it", "self"): "itself",
    ("our", "selves"): "ourselves", ("them", "selves"): "themselves", ("your", "selves"): "yourselves",
    ("to", "morrow"): "tomorrow", ("to", "gether"): "together", ("al", "ready"): "already",
    ("al", "though"): "although",
    ("be", "cause"): "because", ("to", "night"): "tonight", ("with", "out"): "without", ("there", "fore"): "therefore",
    ("never", "theless"): "nevertheless", ("every", "thing"): "everything", ("any", "thing"): "anything",
    ("some", "thing"): "something",
}  # fmt: skip
_UNLESS_BEFORE = {
    ("can", "not"): words("only just merely"),  # "can not only sing but dance"
    ("with", "out"): words("of"),
    ("my", "self"): words("esteem confidence image worth control respect interest portrait employed service checkout"),
}
_UNLESS_BEFORE[("your", "self")] = _UNLESS_BEFORE[("her", "self")] = _UNLESS_BEFORE[("my", "self")]
_JOINED_HEADS = frozenset(first for first, _ in _JOINED)
_TELLING = _JOINED_HEADS | frozenset(_PARTED)

ACRONYMS = words(
    "api apis http https html css sql xml json yaml csv pdf url uri usb cpu gpu ssd hdd ram rom dns tcp udp ip "
    "ssh ssl tls vpn cli gui sdk ide llm gps faq ceo cto cfo coo hr it pr qa ui ux ai ml os ios tv dvd cd nda "
    "roi kpi vat atm asap eta fyi diy phd mba mri ekg ecg dna rna uk usa us eu un bbc cnn fbi cia nasa nato "
    "ibm aws gcp sms rss smtp imap ftp sftp crud orm mvp poc saas crm erp b2b pto ooo ok"
)
_SURE_LENGTH = 3  # letters: two may be names of things in a row
_LONGEST_UNKNOWN = 4  # letters; a longer row may spell a name
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def find(tokens: Tokens) -> list[Change]:
    """Where words are parted, joined or spelled. What stands between quotation marks is left alone."""
    changes: list[Change] = []
    untouchable = quoted(tokens)
    index = 0
    while index < len(tokens):
        plain = len(tokens[index].key) > 1 and tokens[index].key not in _TELLING
        change = None if plain or index in untouchable else _at(tokens, index)
        if change is not None:
            changes.append(change)
        index = max(index + 1, change.last if change else 0)
    return changes


def _at(tokens: Tokens, index: int) -> Change | None:
    token = tokens[index]
    if token.key in _PARTED:
        return _parted(tokens, index)
    if token.key in _JOINED_HEADS:
        joined = _joined(tokens, index)
        if joined is not None:
            return joined
    begins_row = _is_letter(token) and not (index and _is_letter(tokens[index - 1]) and "\n" not in token.gap)
    return _acronym(tokens, index) if begins_row else None


def _parted(tokens: Tokens, index: int) -> Change | None:
    token = tokens[index]
    if not (token.text.islower() or (token.text[:1].isupper() and token.text[1:].islower())):
        return None
    if token.key in _ONLY_BEHIND_SUBJECTS and key_at(tokens, index - 1) in DETERMINERS:
        return None
    first, *others = _PARTED[token.key].split()
    if token.is_capitalised:
        first = first[:1].upper() + first[1:]
    apart = tuple(Token(" ", word, word, True) for word in others)
    return Change(index, index + 1, (token.with_text(first), *apart))


def _joined(tokens: Tokens, index: int) -> Change | None:
    first = tokens[index]
    pair = (first.key, key_at(tokens, index + 1))
    whole = _JOINED.get(pair)
    if whole is None or "\n" in tokens[index + 1].gap or not tokens[index + 1].text.islower():
        return None
    if key_at(tokens, index + 2) in _UNLESS_BEFORE.get(pair, ()):
        return None
    return Change(index, index + 2, (first.with_text(first.text[:1] + whole[1:]),))


def _is_letter(token: Token) -> bool:
    return len(token.text) == 1 and token.text.isascii() and token.text.isalpha()


def _acronym(tokens: Tokens, index: int) -> Change | None:
    """The word that letters from ``index`` on spell: h t t p s. Letters in the order of the alphabet name things."""
    last = index + 1
    while last < len(tokens) and _is_letter(tokens[last]) and "\n" not in tokens[last].gap:
        last += 1
    letters = "".join(token.key for token in tokens[index:last])
    if len(letters) < _SURE_LENGTH or letters in _ALPHABET:
        return None
    if letters not in ACRONYMS and letters[0] in "ai" and letters[1:] in ACRONYMS:
        index, letters = index + 1, letters[1:]  # the article: a p d f
    if letters not in ACRONYMS and not _may_be_acronym(letters):
        return None
    return Change(index, last, (tokens[index].with_text(letters.upper()),))


def _may_be_acronym(letters: str) -> bool:
    """Whether letters that no list knows are one: neither "a" nor "i", which are words, at the ends."""
    fits = len(letters) <= _LONGEST_UNKNOWN and len(set(letters)) == len(letters)
    return fits and letters[0] not in "ai" and letters[-1] not in "ai"
