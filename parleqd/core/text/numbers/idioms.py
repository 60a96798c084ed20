"""Phrases with number words that name no amount, and the few that people always write in one way. English."""

from __future__ import annotations

from collections.abc import Mapping

from parleqd.core.text.numbers.phrase import Phrase, Reading

_KEPT = """
a hundred and one things|a hundred and ten percent|a mile in|a miss is as good as a mile|all fours
at sixes and sevens|behind the eight ball|cat o nine tails|catch twenty two|cheaper by the dozen|cloud nine
dressed to the nines|eight days a week|eighty six it|eleventh hour|fifty first dates|fifty shades
first and foremost|first come first served|first things first|five and dime|five finger discount
five o'clock shadow|forty acres and a mule|forty niner|forty niners|forty winks|four point play|four score
four score and seven years|fourscore|fourth of july|goody two shoes|ground zero|high five|high fives|hole in one
hundred acre wood|in one ear and out the other|in two minds|in two shakes|it takes two to tango|knock for six
like a million bucks|like a million dollars|million dollar|nine days wonder|nine eleven|nine lives|nine to five
nine yards|nineteen to the dozen|nineteenth hole|no one|nth degree|number one|number two|of one mind
on all fours|on cloud nine|on the other hand|one and all|one and only|one and the same|one another|one by one
one fell swoop|one for all|one for the road|one hundred and one things|one in a million|one in a thousand
one man|one more|one of|one off|one on one|one or two|one percenter|one percenters|one size fits all|one stop
one thing|one to one|one too many|one track mind|one two punch|one way or another|second best|second fiddle
second hand|second nature|second thoughts|second to none|second wind|seven deadly sins|seven seas|seven wonders
seven year itch|seventh heaven|six degrees of separation|six feet under|six of one|sixth sense
sixty four thousand dollar question|square one|sweet sixteen|take five|ten a penny|ten commandments
ten feet tall|ten foot pole|ten to one|the big five o|third degree|third party|third time lucky|third wheel
thousand island|thousand islands|three cheers|three musketeers|three point line|three point play
three point shot|three point turn|three pointer|three square meals|three strikes|three times a charm
twelve angry men|twelve days of christmas|twelve step|twenty questions|two bit|two bits|two cents
two cents' worth|two faced|two left feet|two of a kind|two peas in a pod|two point conversion|two thumbs up
two way|two wrongs|whole nine yards|zero in|zero sum|zero tolerance
"""
"""Phrases parted by bars and ends of lines."""
_WRITTEN = {
    "twenty four seven": "24/7",
    "fifty fifty": "50/50",
    "twenty twenty vision": "20/20 vision",
    "twenty twenty hindsight": "20/20 hindsight",
    "seven eleven store": "7-Eleven store",
    "seven eleven stores": "7-Eleven stores",
    "s and p five hundred": "S&P 500",
}


def _table(phrases: Mapping[str, str]) -> dict[str, list[tuple[list[str], str]]]:
    """By the first word, longest first."""
    table: dict[str, list[tuple[list[str], str]]] = {}
    for phrase, written in sorted(phrases.items(), key=lambda pair: -len(pair[0].split())):
        spoken = phrase.split()
        table.setdefault(spoken[0], []).append((spoken, written))
    return table


_IDIOMS = _table(dict.fromkeys(_KEPT.strip().replace("\n", "|").split("|"), "") | _WRITTEN)
STARTS = frozenset(_IDIOMS)


def read(phrase: Phrase, at: int) -> Reading | None:
    """The idiom at ``at``; its text is empty where it stays as it is."""
    for spoken, written in _IDIOMS.get(phrase.keys[at], ()):
        last = at + len(spoken)
        if phrase.keys[at:last] == spoken and not phrase.is_number(last):
            return Reading(at, last, written)
    return None
