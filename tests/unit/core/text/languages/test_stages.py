from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.text.edits import replay
from parleqd.core.text.instant import Profile, clean
from parleqd.core.text.languages.stages import LANGUAGES, pipeline
from tests.work import work_of

TAGS = sorted(LANGUAGES)
_MARKS = ", . ? … - « » ¿ \n "
_SPOKEN = {
    "de": "äh Ähm hm ich ich der Punkt Komma neue Zeile Fragezeichen drei Komma fünf zwanzig zweitausendfünf Uhr Euro "
    "Mai fünften Prozent bis und eine Million minus wann ist du",
    "fr": "euh ben je je le point virgule à la ligne d'interrogation deux points vingt-et-un quatre-vingt cent mille "
    "heures euros mars premier pour et un million est-ce que tu",
    "es": "eh ehm este yo yo el punto coma nueva línea signo de interrogación y aparte treinta y una mil las euros con "
    "mayo por ciento a millón cuándo es",
}


def texts(tag: str) -> st.SearchStrategy[str]:
    spoken = st.lists(st.sampled_from((_MARKS + _SPOKEN[tag]).split(" ")), max_size=20).map(" ".join)
    return st.one_of(spoken, st.text(max_size=40))


@pytest.mark.parametrize("tag", TAGS)
@given(data=st.data())
def test_any_text_is_cleaned_without_failing_and_its_edits_replay(tag: str, data: st.DataObject) -> None:
    raw = data.draw(texts(tag))
    result = clean(raw, language=tag)
    assert result.skipped == ()
    assert replay(raw, result.edits) == result.text


@pytest.mark.parametrize("tag", TAGS)
@given(data=st.data())
def test_clean_text_without_spoken_marks_is_clean(tag: str, data: st.DataObject) -> None:
    once = clean(data.draw(texts(tag)), language=tag, profile=Profile(spoken_punctuation=False)).text
    assert clean(once, language=tag, profile=Profile(spoken_punctuation=False)).text == once


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("text", ["um hello, you know", "12 %, (x) [y]", "git commit -m x", "👍🏽", '"', "…" * 9])
def test_other_text_keeps_its_words(tag: str, text: str) -> None:
    assert clean(text, language=tag, profile=Profile(capitals=False)).text == text


def test_a_place_can_want_less() -> None:
    names = [stage.name for group in pipeline(LANGUAGES["es"]) for stage in group]
    assert names == "fillers stutters punctuation numbers final_mark opening_marks capitals spacing".split()
    bare = pipeline(LANGUAGES["de"], marks=False, capitals=False, final_mark=False)
    assert [stage.name for group in bare for stage in group] == ["fillers", "stutters", "numbers", "spacing"]


_DICTATED = {
    "de": "äh ich ich glaube das kostet drei Komma fünf Prozent Komma also zwanzig Euro fünfzig Punkt neue Zeile "
    "wann ist er da",
    "fr": "euh je je crois que ça coûte vingt euros cinquante virgule et trois virgule cinq pour cent point à la ligne "
    "est-ce que tu viens",
    "es": "ehm yo yo creo que cuesta veinte euros con cincuenta coma y tres coma cinco por ciento punto y aparte "
    "cuándo es la reunión",
}


@pytest.mark.parametrize("tag", TAGS)
def test_what_is_written_stays(tag: str) -> None:
    once = clean(_DICTATED[tag], language=tag).text
    assert once != _DICTATED[tag]
    assert clean(once, language=tag).text == once


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("spoken", [0, 1])
def test_work_grows_with_the_text_and_no_faster(tag: str, spoken: int) -> None:
    unit = (_SPOKEN[tag], _DICTATED[tag])[spoken] + " "
    assert _work(unit * 80, tag) <= 3 * 8 * _work(unit * 10, tag)


def _work(text: str, tag: str) -> int:
    return work_of(lambda: clean(text, language=tag))
