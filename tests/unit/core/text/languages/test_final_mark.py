from __future__ import annotations

import pytest

from parleqd.core.text.languages import final_mark
from parleqd.core.text.languages.stages import LANGUAGES
from parleqd.core.text.pipeline import apply
from parleqd.core.text.tokens import join, tokenise


@pytest.mark.parametrize(
    "tag, raw, mark",
    [
        ("de", "Wir kommen morgen", "."),
        ("de", "Wann ist das Treffen", "?"),
        ("de", "Wie gesagt, ich komme", ""),
        ("de", "Viele liebe Grüße", ""),
        ("de", "Ich komme und", ""),
        ("de", "Hallo Anna wie geht es dir", ""),
        ("de", "Milch\n- Brot", ""),
        ("fr", "Nous arrivons demain", "."),
        ("fr", "Avez-vous reçu ma lettre", " ?"),
        ("fr", "Pourquoi tu ris", ""),
        ("fr", "Tu viens demain", ""),
        ("es", "Llegamos mañana por la tarde", "."),
        ("es", "Dónde está la estación", "?"),
        ("es", "Puedes venir mañana", ""),
        ("es", "Buenos días", ""),
    ],
)
def test_a_mark_where_it_is_sure_which(tag: str, raw: str, mark: str) -> None:
    tokens = tokenise(raw)
    assert join(apply(0, "final_mark", tokens, final_mark.find(tokens, LANGUAGES[tag]))[0]) == raw + mark
