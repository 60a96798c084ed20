from __future__ import annotations

import pytest

from parleqd.core.text.instant import clean

ORDINARY = """\
Wir treffen uns um acht Uhr am Bahnhof, und er kommt auch.
Der Punkt ist, dass wir keine Zeit haben.
Das ist ein wichtiger Punkt für uns alle.
Der springende Punkt kommt erst am Ende.
Auf den Punkt gebracht: Es geht nicht.
Wir beginnen Punkt acht Uhr.
In diesem Punkt sind wir uns einig.
Kommen wir zu Punkt drei der Tagesordnung.
Zwischen den Wörtern fehlt ein Komma.
Hinter dem Komma steht ein Leerzeichen.
Das Komma ist hier falsch.
Setz bitte ein Fragezeichen dahinter.
Hinter dem Plan steht ein großes Fragezeichen.
Wir beginnen eine neue Zeile.
Bitte füge einen neuer Absatz betitelten Text ein.
Sie hat eine halbe Stunde gewartet, bis um halb drei.
Er kommt um Viertel nach vier.
Ich habe drei Kinder und zwei Hunde.
Tausend Dank für alles!
Das habe ich dir schon hundert Mal gesagt.
Wenn sie sie sieht, freut sie sich.
Ich weiß, dass das das Problem ist.
Die, die die Arbeit machen, bekommen nichts.
Hör auf auf mich zu schimpfen.
Kommst du mit mit dem Auto?
Bitte achten Sie auf die Stufe.
Der achte Mann stand an der Tür.
Gib acht auf dich.
Hm, das weiß ich nicht.
Er sagte „Ähm“ und ging.
Das Wort ähm ist ein Füllwort.
Ein Mann, ein Wort.
Sie ist eine von ihnen.
Um ehrlich zu sein, ist er nie da.
Ich nehme das erste Angebot.
Am Anfang war das Wort.
In den Neunzigern war alles anders.
Das kostet 3,50 Euro pro Stück.
Wir haben 1.250 Teilnehmer und 20 Prozent mehr als letztes Jahr.
Die Sitzung ist am 5. Mai um 14:30 Uhr.
Es waren ungefähr zwölf Leute da.
Fünfzehn Leute waren da.
Er ist z. B. gestern nicht gekommen.
Die Punkte gehen an den Gegner.
Das Meeting mit dem Team ist next week.
Sehr geehrte Frau Müller,
Im Restaurant Zum Goldenen Punkt essen wir gut.
Eine Million Menschen leben hier.
Mein Sohn ist ein Einser-Schüler.
Du und ich, wir beide.
Nach fünf Kommastellen hören wir auf.""".splitlines()


@pytest.mark.parametrize("text", ORDINARY)
@pytest.mark.parametrize("tag", ["de", "auto"])
def test_ordinary_text_stays(text: str, tag: str) -> None:
    assert clean(text, language=tag).text == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("äh wir treffen uns ähm morgen um acht Uhr", "Wir treffen uns morgen um acht Uhr."),
        ("Das Haus, äh, das wir gesehen haben.", "Das Haus, das wir gesehen haben."),
        ("Ich bin, ähm, aber nicht sicher.", "Ich bin aber nicht sicher."),
        ("Ich komme äh, aber später.", "Ich komme, aber später."),
        ("Das ist, hm, schwierig.", "Das ist schwierig."),
        ("Ich, ich glaube nicht.", "Ich glaube nicht."),
        ("Hallo Anna Komma neue Zeile ich komme später Punkt", "Hallo Anna,\nIch komme später."),
        ("Das ist gut, Punkt. Neuer Absatz. Wir gehen.", "Das ist gut.\n\nWir gehen."),
        ("Kommst du auch Fragezeichen ja Ausrufezeichen", "Kommst du auch? Ja!"),
        ("Ich will Folgendes Doppelpunkt Ruhe", "Ich will Folgendes: Ruhe."),
        ("er kommt Klammer auf hoffentlich Klammer zu bald", "Er kommt (hoffentlich) bald."),
        ("wie geht es dir", "Wie geht es dir?"),
        ("kannst du mir helfen", "Kannst du mir helfen?"),
        ("haben Sie vielen Dank", "Haben Sie vielen Dank"),
        ("ich komme morgen oder", "Ich komme morgen oder"),
        ("guten Morgen", "Guten Morgen"),
    ],
)
def test_german_is_cleaned(raw: str, text: str) -> None:
    assert clean(raw, language="de").text == text
