"""Which language is this text? A vote of common short words, for where the recogniser's tag is wrong or missing."""

from __future__ import annotations

from parleqd.core.text.lexicon import CONTRACTED_SUBJECTS, QUESTION_CONTRACTIONS, words
from parleqd.core.text.tokens import Tokens, key_at

# "um" and "er" are words in German, Dutch, Danish and Portuguese, so a wrong tag would cost content. What is
# common in English and another language too (in, an, die, so, war, me, no, do, as, is, was, we, he, i, of, on,
# at, for, to, will, have) is in neither list.
_ENGLISH = words(
    "the and that it you your yours with were are this these those not be they them their she my mine our us but "
    "what which who why where when how can could there here from if would should about because than then some "
    "any each every other another being does did doesn't didn't don't can't couldn't won't wouldn't isn't "
    "wasn't aren't weren't shouldn't haven't hasn't hadn't let's that's there's here's "
    "just very really only too much many more most never always again maybe please thanks thank "
    "yes yeah hello right sure well good great new next first second one two three four five seven eight "
    "nine today tomorrow yesterday morning afternoon evening night monday tuesday wednesday thursday friday "
    "saturday sunday month year think thought know knew wanted wants need needs needed make makes made "
    "take took get gets got getting going goes went comes came coming saw seen look looks looking say "
    "says said tell told ask asked work works working called send sent buy bought gave found use "
    "used put keep kept started stopped try tried move moved write wrote read talk "
    "agree believe guess hope feel felt follow close up out down off into back between before after "
    "people thing things something anything nothing everyone someone day line way money question paragraph exclamation "
    "met finished done hear heard speak spoke check fix change changed help old child children friend house car"
)
_BEHIND_I = words("am was have had do did will")
"""What tells the pronoun from the Italian article and the Danish preposition."""
_ENGLISH |= CONTRACTED_SUBJECTS | QUESTION_CONTRACTIONS
_GERMAN_AND_DUTCH = words(
    "und der das ist nicht wir ich ein eine einen einem einer mit auf für sie zu den dem des auch uns sich von bei "
    "oder aber wenn wie noch nur dass haben habe kommt geht sind wird kann muss uhr haus heute morgen gestern "
    "zehn neun acht sieben sechs zwei drei zum zur nach über immer schon "
    "het een niet dat zijn voor maar wij ook wat naar deze heeft hij"
)
_ROMANCE = words(
    "le les une est et je vous nous pas que qui dans pour avec sur elle ne du au el los las una y por pero "
    "muy esta il che di è per sono gli uma não com os é são mais para tenho ele tem meu minha foi seu"
)
_SCANDINAVIAN = words("og det jeg ikke som på av att är jag inte och hun vi mig til med den ikke hvor hvad")
FOREIGN = _GERMAN_AND_DUTCH | _ROMANCE | _SCANDINAVIAN
_TELLING = _ENGLISH | FOREIGN | {"i"}

_ELSEWHERE = words(
    "het een niet dat zijn voor maar ook naar deze heeft hij wij il che di è per sono gli uma não com os são tenho "
    "ele tem "
    "minha foi seu em você della anche più og det jeg ikke som på av att är jag inte och hun vi mig til med hvor hvad"
)
_ELIDED = ("c'", "j'", "qu'", "n'", "d'", "l'")
_LANGUAGES = {
    "de": words(
        "und der das ist nicht wir ich ein eine einen einem einer mit auf für sie zu den dem auch uns sich von bei "
        "oder "
        "aber wenn wie noch nur dass haben habe kommt geht sind wird kann muss uhr heute morgen gestern zum zur "
        "nach über "
        "immer schon es hat im am bitte danke dir mir mich dich ihr euch kein keine können möchte war weil hier "
        "dann was "
        "vielen guten"
    ),
    "fr": words(
        "les une est et je vous nous pas qui dans pour avec sur elle ne du au des ce cette ces aussi très bien ça "
        "être fait "
        "sont suis plus où chez tout bonjour merci demain mais on ils elles mon ton votre notre le la un à à été"
    ),
    "es": words(
        "el los las y pero muy está están estoy hay yo usted ustedes nosotros qué cómo cuándo dónde también más "
        "hoy mañana "
        "ayer gracias hola tengo tiene tenemos ese eso fue ser puede puedo quiero sí sé ellos ella la un una por "
        "para con "
        "en es mi lo se le nos favor porque"
    ),
}
"""Common words by language. What two of them share votes for both, so that only what tells them apart decides."""


def language_of(tokens: Tokens) -> str:
    """The tag of the language, where it is English, German, French or Spanish beyond doubt; empty where it is not."""
    if reads_as_english(tokens):
        return "en"
    tally = dict.fromkeys(_LANGUAGES, 0)
    others = 0
    for token in tokens:
        others += token.key in _ELSEWHERE
        for tag, common in _LANGUAGES.items():
            tally[tag] += token.key in common or (tag == "fr" and token.key.startswith(_ELIDED))
    (best, most), (_, next_most), *_ = sorted(tally.items(), key=lambda pair: -pair[1])
    return best if most > max(2 * others, next_most, 1) and most >= next_most + 2 else ""


def reads_as_english(tokens: Tokens) -> bool:
    """Whether the text shows English words, and no more of other languages."""
    english, foreign = votes(tokens)
    return english > 0 and foreign <= english


def reads_as_another(tokens: Tokens) -> bool:
    """Whether two or more common words of another language outvote the English ones, whatever the tag says."""
    english, foreign = votes(tokens)
    return foreign > max(english, 1)


def votes(tokens: Tokens) -> tuple[int, int]:
    """How many words are common in English only, and how many in another language only."""
    english = foreign = 0
    for index, token in enumerate(tokens):
        if token.key not in _TELLING:
            continue
        if token.key in _ENGLISH or (token.key == "i" and key_at(tokens, index + 1) in _BEHIND_I):
            english += 1
        elif token.key in FOREIGN and not _is_spelled_out(tokens, index):
            foreign += 1
    return english, foreign


def _is_spelled_out(tokens: Tokens, index: int) -> bool:
    """Whether the word is part of an address said aloud: "dot com" is no Portuguese, nor the "y" of "b y e"."""
    if key_at(tokens, index - 1) in ("dot", "slash", "underscore"):
        return True
    beside = (key_at(tokens, index - 1), key_at(tokens, index + 1))
    return len(tokens[index].key) == 1 and any(len(key) == 1 and key.isalnum() for key in beside)
