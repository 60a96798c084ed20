"""Spanish. Classes of words after the *Nueva gramática de la lengua española* of the Academies (2009)."""

from __future__ import annotations

import re

from parleqd.core.text.languages.spanish_numbers import GRAMMAR
from parleqd.core.text.languages.tables import Language, Marks, forms
from parleqd.core.text.lexicon import words

_ARTICLES = words("el la los las un una unos unas al del")
_DETERMINERS = _ARTICLES | words(
    "este esta estos estas ese esa esos esas aquel aquella mi mis tu tus su sus nuestro nuestra nuestros nuestras "
    "cada otro otra otros otras algún alguna ningún ninguna cualquier qué cuál"
)
_PRONOUNS = words("yo tú él ella usted nosotros nosotras ustedes ellos ellas")
_CLITICS = words("me te se lo le nos les os")
_PREPOSITIONS = words("a ante bajo con contra de desde en entre hacia hasta para por según sin sobre tras")
_CONJUNCTIONS = words("y e o u pero sino que si porque aunque cuando como mientras pues ni")
_VERBS = words(
    "es son soy eres somos era eran fue fueron será sería está están estoy estás estamos estaba estaban hay había "
    "he has "
    "ha hemos han tengo tienes tiene tenemos tienen tenía puedo puedes puede podemos pueden podría quiero quieres "
    "quiere "
    "queremos quieren quería voy vas va vamos van iba debo debe debemos deben hace hacer necesito necesita necesitamos "
    "creo sé sabe gracias espero llego llega llegamos"
)
_ASKING = (
    r"(?:es|son|era|está|están|estás|hay|tienes|tiene|tienen|tenemos|puedes|puede|podemos|pueden|podrías|podría|"
    r"quieres|"
    r"quiere|quieren|vas|va|vamos|van|has|ha|han|haces|hace|hacen|significa|pasa|pasó|cuesta|cuestan|llegas|"
    r"llega|crees|"
    r"piensas|dice|dices|te|se|le|les|nos|eres)"
)
_WORDS_OF_QUESTIONS = (
    r"(?:(?:a|de|con|para|por|en|desde|hasta) )?(?:qué|quién|quiénes|cuál|cuáles|cuándo|cuánto|cuánta|cuántos|cuántas|"
    r"dónde|adónde|cómo)"
)
_OPENING = r"(?:(?:y|pero) )?"

SPANISH = Language(
    tag="es",
    hesitations=words("ehm ehmm emm ehh ehhh mmm mmmm eeeh eeh"),
    doubtful=words("eh em"),
    attached=words("este"),
    mentions=words("palabra palabras muletilla muletillas sonido"),
    function_words=_DETERMINERS | _PRONOUNS | _CLITICS | _PREPOSITIONS | _CONJUNCTIONS | _VERBS | words("no muy más"),
    incomplete=_DETERMINERS | _PRONOUNS | _CLITICS | _PREPOSITIONS | _CONJUNCTIONS | _VERBS | words("muy"),
    comma_before=words("pero sino porque aunque pues entonces así y"),
    repeats=words(
        "yo el los un una de del y o pero en con por mi tu su al cuando porque me te nos este esta nuestro nuestra "
        "sus mis"
    ),
    equations=words("soy es eres somos son fui era sigo"),
    marks=Marks(
        ambiguous=frozenset((".", ",", ":")),
        forms=forms(
            {
                ",": ("coma",),
                ".": ("punto", "punto final", "punto y seguido"),
                "?": (
                    "signo de interrogación",
                    "cerrar signo de interrogación",
                    "cierra signo de interrogación",
                    "cerrar interrogación",
                    "cierra interrogación",
                ),
                "!": (
                    "signo de exclamación",
                    "signo de admiración",
                    "cerrar signo de exclamación",
                    "cerrar exclamación",
                    "cierra exclamación",
                ),
                ":": ("dos puntos",),
                ";": ("punto y coma",),
                "…": ("puntos suspensivos",),
                "–": ("raya larga",),
            },
            {
                "\n": ("nueva línea", "línea nueva", "salto de línea"),
                "\n\n": ("nuevo párrafo", "párrafo nuevo"),
                ".\n\n": ("punto y aparte",),
            },
            {
                '""': (("abrir comillas", "abre comillas"), ("cerrar comillas", "cierra comillas")),
                "()": (
                    ("abrir paréntesis", "abre paréntesis"),
                    ("cerrar paréntesis", "cierra paréntesis"),
                ),
            },
            prefixes={
                "¿": (
                    "abrir signo de interrogación",
                    "abre signo de interrogación",
                    "abrir interrogación",
                    "abre interrogación",
                ),
                "¡": ("abrir signo de exclamación", "abrir exclamación", "abre exclamación"),
            },
        ),
        noun_follows=_DETERMINERS
        | (_PREPOSITIONS - words("a con"))
        | words("a con primer segundo tercer último único buen mal mismo gran tal cierto medio poner pon ponga falta"),
        before={
            ".": words("y o"),  # y punto
            ",": _CLITICS | words("que no quien nunca también ya se estado"),
            ":": words(
                "ganó gana ganar ganamos perdió pierde sumó suma tiene tienen tenemos tengo sacó faltan quedan hay "
                "marcó "
                "anotó obtuvo son vale valen otros estos esos aquellos unos"
            ),
            "\n": words("empieza empezar crear lanzar lanzamos abrir abrieron inauguraron"),
        },
        behind={
            ".": words(
                "de del y a en es era fue com por muerto medio débil fuerte flaco cardinal clave ciego g crítico "
                "importante para que"
            ),
            ",": words("algo bien mucho poco más menos todo nada bastante sano inducido es etílico profundo"),
            ":": words(
                "de del más menos porcentuales importantes que por clave y fuertes débiles en básicos cardinales"
            ),
            "\n": words("de del aérea es fue telefónica"),
            "\n\n": words("de del sobre es"),
        },
        adjectives={},
        verbs=frozenset(("coma",)),
        subordinators=words("que cuando aunque si para ojalá quizá quizás tal"),
    ),
    finite=_VERBS | _PRONOUNS | _CLITICS,
    unfinished=_ARTICLES | _PREPOSITIONS | _CONJUNCTIONS | words("mi tu su muy"),
    asks=re.compile(rf"{_OPENING}{_WORDS_OF_QUESTIONS} (?:hora |día |tal |tipo )?{_ASKING}\b"),
    may_ask=re.compile(
        rf"(?:^| )(?:qué|quién|quiénes|cuál|cuándo|cuánto|cuántos|dónde|cómo) {_ASKING}\b|"
        rf"^{_OPENING}{_WORDS_OF_QUESTIONS} | (?:no|verdad|cierto|vale)$|"
        r"^(?:puedes|puede|podrías|podría|tienes|tiene|quieres|quiere|vas|sabes|sabe|has|hay|está|estás|crees|vamos) |"
        r"^(?:me|te|le|nos) (?:puedes|puede|podrías|podría|importa|importaría)\b"
    ),
    abbreviations=words("sr sra srta dr dra d dña etc ej p.ej pág núm tel ud uds aprox av"),
    grammar=GRAMMAR,
    questions=re.compile(rf"{_OPENING}{_WORDS_OF_QUESTIONS}(?!\S)"),
)
