"""French. Classes of words after Grevisse and Goosse, *Le bon usage* (2016)."""

from __future__ import annotations

import re

from parleqd.core.text.languages.french_numbers import GRAMMAR
from parleqd.core.text.languages.tables import Language, Marks, forms
from parleqd.core.text.lexicon import words

_ARTICLES = words("le la les un une des du au aux")
_DETERMINERS = _ARTICLES | words(
    "ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs quel quelle quels quelles chaque "
    "aucun aucune plusieurs quelques tout toute tous toutes"
)
_PRONOUNS = words("je tu il elle on nous vous ils elles")
_PREPOSITIONS = words("à de dans en par pour sans sous sur avec chez vers entre depuis pendant jusqu'à contre dès")
_CONJUNCTIONS = words("et ou mais donc or ni car que si quand lorsque comme puisque parce")
_VERBS = words(
    "est es suis sommes êtes sont était étaient étais sera serait ai as a avons avez ont avait avaient aura aurait "
    "vais va "
    "vas allons allez vont peux peut pouvons pouvez peuvent pourrait pourrais veux veut voulons voulez veulent "
    "voudrais "
    "dois doit devons devez doivent faut fait faites font c'est c'était j'ai j'avais n'est n'ai qu'il qu'elle"
)
_INVERTED = (
    r"(?:(?:es|as|vas|peux|veux|sais|dois|fais|viens|penses|crois|connais|pourrais|voudrais|aurais)-tu|"
    r"(?:êtes|avez|allez|pouvez|voulez|savez|devez|faites|venez|pensez|connaissez|pourriez|auriez|voudriez|"
    r"seriez)-vous|"
    r"(?:sommes|avons|pouvons|devons|allons|pourrions)-nous|(?:est|sont|ont|peut|veut|doit|va-t|a-t|fait|était|faut|"
    r"y a-t|sera-t|aura-t|pourrait|serait|vient|vont|peuvent|doivent)-(?:il|elle|on|ils|elles|ce))"
)
_WORDS_OF_QUESTIONS = r"(?:comment|pourquoi|quand|où|combien|qui|que|à qui|avec qui|à quelle heure|d'où)"
_OPENING = r"(?:(?:et|mais|alors|donc|bonjour|salut|oui|non) )?"
_ADJECTIVES = (
    "bon|mauvais|même|premier|deuxième|second|troisième|dernier|seul|autre|gros|petit|grand|prochain|certain|tel|quel|"
    "moindre|nouveau|meilleur|principal|fameux|vrai"
)

FRENCH = Language(
    tag="fr",
    hesitations=words("euh euhh euhm heu heuu euuh"),
    doubtful=words("hum hmm hm"),
    attached=words("ben bah"),
    mentions=words("mot mots son sons interjection"),
    function_words=_DETERMINERS | _PRONOUNS | _PREPOSITIONS | _CONJUNCTIONS | _VERBS | words("ne pas qui dont où"),
    incomplete=_DETERMINERS | _PRONOUNS | _PREPOSITIONS | _CONJUNCTIONS | _VERBS | words("ne très plus"),
    comma_before=words("mais car donc puis puisque alors"),
    repeats=words(
        "je les un une des de du et mais dans on mon ma mes ton ta ses notre votre à au aux cette ces parce avec j'ai "
        "c'est l' d' qu'il qu'on ne"
    ),
    equations=words("suis es est sommes êtes sont était sera"),
    marks=Marks(
        ambiguous=frozenset((".", ":", "\n")),
        forms=forms(
            {
                ",": ("virgule",),
                ".": ("point", "point final"),
                "?": ("point d'interrogation",),
                "!": ("point d'exclamation",),
                ":": ("deux points", "deux-points"),
                ";": ("point virgule", "point-virgule"),
                "…": ("points de suspension", "trois petits points"),
                "–": ("tiret long",),
            },
            {
                "\n": ("à la ligne", "retour à la ligne", "nouvelle ligne"),
                ".\n": ("point à la ligne",),
                "\n\n": ("nouveau paragraphe",),
            },
            {
                '""': (
                    ("ouvrir les guillemets", "ouvrez les guillemets", "ouvrir guillemets"),
                    ("fermer les guillemets", "fermez les guillemets", "fermer guillemets"),
                ),
                "()": (
                    ("ouvrir la parenthèse", "ouvrez la parenthèse", "ouvrir parenthèse", "parenthèse ouvrante"),
                    ("fermer la parenthèse", "fermez la parenthèse", "fermer parenthèse", "parenthèse fermante"),
                ),
            },
            apart="?!:;",
        ),
        noun_follows=(_DETERMINERS - words("tout toute tous toutes"))
        | (_PREPOSITIONS - words("avec contre"))
        | words("avec d'un qu'un ni premier deuxième dernier nième mise un")
        | frozenset(_ADJECTIVES.split("|")),
        before={
            ".": words("ne n'est n'ai n'a n'y ou"),
            ":": words(
                "marqué marque marquent marquer perdu perd gagné gagne gagner inscrit ont avons avez ai a j'ai "
                "j'aurais "
                "reste restent manque il y'a est sont aborder voir sur en ces deux"
            ),
            "\n": words(
                "pêche pêcher pêchent pêchait aller allez allons va vas mettre mets met mettez revenir reviens revient "
                "revenez passer passe passez retourner écrire écrit achat facturation"
            ),
        },
        behind={
            ".": words(
                "de du d'eau d'appui d'honneur d'accès d'entrée d'arrêt d'orgue par g final cardinal commun "
                "culminant mort "
                "fort faible noir rouge barre com à important que où sur presse névralgique est était"
            ),
            ",": words("est était fait flottante"),
            ":": words("de du d'avance importants par que à et qui forts faibles essentiels communs cardinaux"),
            "\n": words("de du d'arrivée suivante directe éditoriale ou est était"),
            "\n\n": words("de du sur qui est"),
        },
        adjectives={},
    ),
    finite=_VERBS | _PRONOUNS | words("merci s'il j'espère j'arrive j'aimerais"),
    unfinished=(_ARTICLES | _PREPOSITIONS | _CONJUNCTIONS | words("mon ma mes ton ta tes ce cette ces ne"))
    - words("avec sans pour contre depuis"),
    asks=re.compile(
        rf"{_OPENING}(?:est-ce qu|qu'est-ce |{_INVERTED}\b|{_WORDS_OF_QUESTIONS} (?:est-ce qu|{_INVERTED}\b)|"
        r"comment ça (?:va|marche|se passe)\b|(?:quel|quelle|quels|quelles) (?:est|sont) )"
    ),
    may_ask=re.compile(
        rf"(?:^| )(?:est-ce|qu'est-ce|{_INVERTED}|comment ça|quel(?:le)?s? (?:est|sont|heure))\b|"
        rf"^{_OPENING}(?:{_WORDS_OF_QUESTIONS}|quel(?:le)?s?|tu|vous|t'as|t'es|ça) |"
        r" (?:où|quoi|comment|quand|combien|qui|pourquoi|non|hein)$"
    ),
    abbreviations=words("m mme mlle mm dr pr st ste etc p.ex ex cf env av bd tél"),
    grammar=GRAMMAR,
    mark_gap=" ",
)
