"""German. Classes of words after Helbig and Buscha, *Deutsche Grammatik* (2001)."""

from __future__ import annotations

import re

from parleqd.core.text.languages.german_numbers import GRAMMAR
from parleqd.core.text.languages.tables import Language, Marks, forms
from parleqd.core.text.lexicon import words

_ARTICLES = words("der die das den dem des ein eine einen einem einer eines")
_DETERMINERS = _ARTICLES | words(
    "mein meine meinen meinem meiner dein deine deinen deinem deiner sein seine seinen seinem seiner ihre ihren ihrem "
    "ihrer unser unsere unseren unserem unserer euer eure kein keine keinen keinem keiner dieser diese dieses diesen "
    "diesem jeder jede jedes jeden jedem welcher welche welches welchen welchem mancher solcher"
)
_PRONOUNS = words("ich du er sie es wir ihr man")
_PREPOSITIONS = words(
    "in im ins an am ans auf aus bei beim bis durch für gegen hinter mit nach neben ohne über unter um von vom vor "
    "während wegen zu zum zur zwischen seit ab pro"
)
_CONJUNCTIONS = words(
    "und oder aber denn sondern dass weil wenn ob obwohl damit falls als nachdem bevor sobald solange"
)
_VERBS = words(
    "ist sind bin bist seid war waren wäre wären hat habe haben hast hatte hatten hätte hätten wird werde werden wirst "
    "wurde wurden würde würden kann kannst können könnt konnte könnte könnten muss musst müssen müsst musste soll "
    "sollen "
    "sollte sollten will willst wollen wollt wollte möchte möchten möchtest darf dürfen mag geht gibt kommt"
)
_ASKING = (
    r"(?:ist|sind|war|waren|hat|habt|hast|haben|hatte|kann|kannst|könnt|können|könntest|könnte|könnten|soll|sollen|"
    r"willst|wollen|wollt|möchtest|möchten|darf|dürfen|muss|müssen|wird|wirst|werden|würde|würdest|würden|bist|seid|"
    r"gibt|geht|kommst|kommt|machst|weißt|wisst|heißt|kostet|findet|steht|liegt)"
)
_WORDS_OF_QUESTIONS = r"(?:wer|wen|wem|was|wann|wo|wohin|woher|warum|wieso|weshalb|wie|wie viel|wie viele|wie lange)"
_OPENING = r"(?:(?:und|aber|also|hallo|hi|ja|nein|okay) )?"

GERMAN = Language(
    tag="de",
    hesitations=words("äh ähm ähh ähhm ähmm öh öhm ehm hmm hmmm"),
    doubtful=words("hm mhm"),
    attached=frozenset(),
    mentions=words("wort wörter laut füllwort füllwörter silbe"),
    function_words=_DETERMINERS | _PRONOUNS | _PREPOSITIONS | _CONJUNCTIONS | _VERBS,
    incomplete=_DETERMINERS
    | _PRONOUNS
    | _PREPOSITIONS
    | _CONJUNCTIONS
    | words("ist sind bin war waren hat habe haben wird werden kann muss soll will sehr nicht so"),
    comma_before=(_CONJUNCTIONS - words("und oder als damit denn"))
    | words("denn damit der die das den dem deren dessen was wo wie"),
    repeats=words(
        "ich wir und oder aber für zum zur im vom beim ins eine einen einem eines dass weil wenn ob mein meine meinen "
        "kein keine unser unsere diese diesen dieser"
    ),
    equations=words("bin ist sind war waren sei"),
    marks=Marks(
        ambiguous=frozenset((".",)),
        forms=forms(
            {
                ",": ("komma",),
                ".": ("punkt",),
                "?": ("fragezeichen",),
                "!": ("ausrufezeichen", "ausrufungszeichen"),
                ":": ("doppelpunkt",),
                ";": ("semikolon", "strichpunkt"),
                "–": ("gedankenstrich",),
                "…": ("auslassungspunkte", "punkt punkt punkt"),
            },
            {
                "\n": ("neue zeile", "nächste zeile", "zeilenumbruch"),
                "\n\n": ("neuer absatz", "nächster absatz", "neuer paragraph"),
            },
            {
                '""': (
                    ("anführungszeichen auf", "anführungszeichen oben", "anführungszeichen öffnen"),
                    ("anführungszeichen zu", "anführungszeichen schließen"),
                ),
                "()": (("klammer auf", "klammer öffnen"), ("klammer zu", "klammer schließen")),
            },
        ),
        noun_follows=_DETERMINERS
        | (_PREPOSITIONS - words("an auf ab mit zu"))
        | words("mit ihr ersten zweiten dritten letzten nächsten einzigen fehlendes fehlende falsches doppeltes extra"),
        before={
            ".": words("grüner roter wunder toter springender guter wichtiger schwacher zu auf an ab erster zweiter"),
            "\n": words("leere ganze"),
        },
        behind={
            ".": words("für ist war wird wäre um acht neun zehn zwölf mitternacht mittag"),
            ",": words("ist war setzen gesetzt fehlt fehlen zwischen"),
            "?": words("ist setzen gesetzt fehlt"),
            "!": words("ist setzen gesetzt fehlt"),
            ":": words("ist setzen gesetzt fehlt"),
            "\n": words("beginnen anfangen beginnt einfügen ist"),
            "\n\n": words("beginnen anfangen beginnt einfügen ist"),
        },
        # An adjective takes a small letter; a noun before the mark would have a capital.
        adjectives=dict.fromkeys(
            ",?!:;",
            re.compile(
                r"^(?:(?:ein|kein|mein|unser|jedes) [a-zäöüß]+es|(?:das|dieses|jedes) (?!heute|habe)[a-zäöüß]+e)$"
            ),
        )
        | {
            ".": re.compile(
                r"^(?:de[rnm]|ein(?:en|em)?|diese[rnm]|jede[rnm]|kein(?:en|em)?|mein(?:en|em)?|welche[rnm]) "
                r"[a-zäöüß]+e[rnms]?$"
            )
        },
    ),
    finite=_VERBS | _PRONOUNS | words("bitte danke"),
    unfinished=_ARTICLES | _CONJUNCTIONS | _PREPOSITIONS - words("an auf aus ab mit nach vor zu über um durch bei"),
    asks=re.compile(
        rf"{_OPENING}(?:{_WORDS_OF_QUESTIONS} {_ASKING} (?!gesagt)|"
        rf"{_ASKING} (?:du|er|es|wir|ihr|man|jemand|sie|ich|das|dir|euch|ihnen)\b(?! (?:vielen|dank|bitte|mal\b)))"
        r"(?!.* (?:dann|so) (?:komm|geh|mach|sag|ruf))"
    ),
    may_ask=re.compile(
        rf"(?:^| ){_WORDS_OF_QUESTIONS} {_ASKING}\b| (?:oder|nicht wahr|ja|gell)$|^{_OPENING}{_ASKING} |"
        rf"^{_OPENING}(?:{_WORDS_OF_QUESTIONS}|welche[rnms]?) "
    ),
    abbreviations=words("z.b z b d.h u.a usw bzw ca dr prof nr str vgl evtl ggf inkl exkl st mio mrd tel abs hr fr"),
    grammar=GRAMMAR,
)
