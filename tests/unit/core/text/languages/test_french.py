from __future__ import annotations

import pytest

from parleqd.core.text.instant import clean

ORDINARY = """\
Le point est clair pour tout le monde.
Je suis sur le point de partir.
C'est un bon point pour toi.
De mon point de vue, c'est faux.
Il faut faire le point sur la situation.
À ce point, je ne sais plus quoi dire.
Ne t'en fais point pour moi.
Mettez une virgule après ce mot.
La virgule est mal placée.
Il y a deux points à aborder demain.
Il a gagné deux points hier soir.
On va à la pêche à la ligne dimanche.
Il faut aller à la ligne ici.
Commencez un nouveau paragraphe.
La nouvelle ligne de métro ouvre en mai.
Nous nous voyons demain à huit heures.
Vous vous trompez de porte.
En en parlant, on trouve une solution.
Si si, je t'assure.
Non non, ce n'est pas ça.
Mille mercis pour votre aide.
C'est une histoire des mille et une nuits.
Je te l'ai dit cent fois.
J'ai un million de choses à faire.
Il y a au moins cinq personnes.
Elle a un pull tout neuf.
On part dans une heure, à dix heures moins le quart.
Il est dix heures et demie.
Donne-moi six œufs et deux tomates.
Le premier mai est férié.
J'attends depuis quinze jours.
L'un et l'autre sont venus.
L'une d'entre elles est partie.
Comment ça va ?
Bonjour, comment allez-vous ?
Quelle belle journée !
Il a dit « euh » et il est parti.
Le mot euh est une interjection.
Hein, tu viens ?
Bah, ce n'est pas grave.
Ben oui, c'est vrai.
Le prix est de 3,50 € au lieu de 5 €.
Il y avait 1 250 participants et 20 % de plus.
La réunion est le 5 mai à 14 h 30.
Ça coûte un euro.
Rendez-vous à la gare.
Dépêchez-vous de finir.
Je voudrais savoir où vous êtes.
Le quatre-quarts est cuit.
Nos voisins ont quatre enfants.
Le team meeting est next week.
Madame Dupont est absente.""".splitlines()


@pytest.mark.parametrize("text", ORDINARY)
@pytest.mark.parametrize("tag", ["fr", "auto"])
def test_ordinary_text_stays(text: str, tag: str) -> None:
    assert clean(text, language=tag).text == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("euh bonjour on se voit demain", "Bonjour on se voit demain."),
        ("ben euh je ne sais pas", "Je ne sais pas."),
        ("Je viens, euh, demain.", "Je viens demain."),
        ("Je viens, euh, mais tard.", "Je viens, mais tard."),
        ("je je pense que oui", "Je pense que oui."),
        ("Bonjour Paul virgule à la ligne je suis en retard point", "Bonjour Paul,\nJe suis en retard."),
        ("c'est fini point à la ligne on part", "C'est fini.\nOn part"),
        ("on arrive point nouveau paragraphe merci", "On arrive.\n\nMerci"),
        ("comment allez-vous point d'interrogation", "Comment allez-vous ?"),
        ("quelle surprise point d'exclamation", "Quelle surprise !"),
        ("il pleut point virgule je reste", "Il pleut ; je reste."),
        ("voici la liste deux points pommes virgule poires", "Voici la liste : pommes, poires"),
        ("est-ce que tu viens demain", "Est-ce que tu viens demain ?"),
        ("pouvez-vous m'aider", "Pouvez-vous m'aider"),
        ("pouvez-vous m'aider demain", "Pouvez-vous m'aider demain ?"),
        ("je ne sais pas pourquoi", "Je ne sais pas pourquoi"),
        ("il a dit ouvrez les guillemets non fermez les guillemets", 'Il a dit "non"'),
    ],
)
def test_french_is_cleaned(raw: str, text: str) -> None:
    assert clean(raw, language="fr").text == text
