"""The closed classes of English: the short words whose company tells what the word beside them is doing.

Classes and members after Quirk, Greenbaum, Leech and Svartvik, *A Comprehensive Grammar of the English
Language* (1985), chapters 2 to 6 and 9; contracted forms as recognisers write them.
"""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words in ``text``, which blanks part."""
    return frozenset(text.split())


ARTICLES = words("a an the")
POSSESSIVES = words("my your his her its our their whose")
DEMONSTRATIVES = words("this that these those")
QUANTIFIERS = words(
    "some any no every each either neither another all both many much more most few fewer less several enough such"
)
DETERMINERS = ARTICLES | POSSESSIVES | DEMONSTRATIVES | QUANTIFIERS

SUBJECTS = words("i you he she it we they")
CONTRACTED_SUBJECTS = frozenset(
    subject + ending for subject in SUBJECTS for ending in ("'m", "'re", "'s", "'ve", "'ll", "'d")
)
OBJECTS = words("me you him her it us them")

BE = words("am is are was were isn't aren't wasn't weren't")
AUXILIARIES = BE | words(
    "do does did don't doesn't didn't have has had haven't hasn't hadn't can could will would shall "
    "should may might must can't cannot couldn't won't wouldn't shan't shouldn't mustn't"
)

PREPOSITIONS = words(
    "about above across after against along among around as at before behind below beneath beside between "
    "beyond by despite down during except for from in inside into like near of off on onto out over past "
    "per since than through throughout to toward towards under until up upon via with within without"
)
COORDINATORS = words("and or but nor so yet plus")
SUBORDINATORS = words(
    "because if when whenever while where wherever although though unless until since once whether that than as"
)
QUESTION_WORDS = words("what when where which who whom whose why how")
QUESTION_CONTRACTIONS = words(
    "what's when's where's who's why's how's what're where're who're what'll who'll who'd how'd where'd what'd why'd"
)

NUMBERS = words(
    "zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred "
    "thousand million billion trillion double triple point half quarter"
)
ORDINALS = words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth last next final"
)

FUNCTION_WORDS = (
    DETERMINERS
    | SUBJECTS
    | CONTRACTED_SUBJECTS
    | OBJECTS
    | AUXILIARIES
    | PREPOSITIONS
    | COORDINATORS
    | SUBORDINATORS
    | QUESTION_WORDS
    | QUESTION_CONTRACTIONS
    | words("there there's here here's not just very really be been being let's that's")
)
"""Words of grammar, the ones that a speaker repeats while looking for the next word."""

INCOMPLETE = (
    DETERMINERS
    | BE
    | AUXILIARIES
    | PREPOSITIONS
    | COORDINATORS
    | SUBORDINATORS
    | CONTRACTED_SUBJECTS
    | words("i we he she they be been being let's there's that's very really quite too")
) - words("that no all both more most enough some many much less")
"""Words after which no comma stands: what they belong to is yet to come."""
