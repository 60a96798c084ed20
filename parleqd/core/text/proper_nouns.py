"""Names that everybody writes with a capital: days, months, languages, countries, large cities, feasts.

Only names that are no other English word in small letters: not march, may, polish, turkey, china, nice or reading.
"""

from __future__ import annotations

from parleqd.core.text.lexicon import words

DAYS_AND_MONTHS = words(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays "
    "sundays january february april june july august september october november december"
)
_LANGUAGES_AND_PEOPLES = words(
    "english german french spanish italian portuguese dutch russian ukrainian chinese japanese korean arabic hebrew "
    "hindi greek latin swedish norwegian danish finnish icelandic czech slovak hungarian romanian bulgarian croatian "
    "serbian turkish persian vietnamese thai indonesian bengali urdu swahili irish welsh scottish british american "
    "american's americans canadian canadians australian australians mexican brazilian european europeans african asian "
    "indian egyptian israeli austrian belgian swiss germans italians russians christian christians muslim muslims "
    "jewish catholic buddhist"
)
_PLACES = words(
    "germany france spain italy england scotland ireland britain portugal austria switzerland belgium netherlands "
    "denmark sweden norway finland iceland russia ukraine greece poland hungary romania bulgaria croatia serbia "
    "slovakia slovenia egypt israel iran iraq india pakistan bangladesh japan korea taiwan vietnam thailand indonesia "
    "malaysia singapore philippines australia canada mexico brazil argentina colombia peru nigeria kenya ethiopia "
    "morocco europe africa asia antarctica america california texas florida alaska hawaii colorado oregon arizona "
    "london paris berlin vienna madrid rome milan lisbon dublin edinburgh manchester amsterdam brussels zurich geneva "
    "munich hamburg frankfurt cologne stuttgart copenhagen stockholm oslo helsinki prague budapest warsaw athens "
    "istanbul moscow kyiv cairo dubai delhi mumbai beijing shanghai tokyo osaka seoul sydney melbourne toronto "
    "montreal vancouver chicago boston seattle houston dallas denver detroit philadelphia atlanta miami barcelona "
    "valencia marseille lyon naples venice florence krakow"
)
_FEASTS = words("christmas easter halloween hanukkah ramadan diwali thanksgiving")
NAMES = DAYS_AND_MONTHS | _LANGUAGES_AND_PEOPLES | _PLACES | _FEASTS

TITLES = words("mr mrs ms dr prof")
"""Titles before a name: "ms lopez" is Ms. Lopez."""
