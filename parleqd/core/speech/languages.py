"""Which language an utterance is spoken in, found once and kept.

The language is not found anew for each segment: names and foreign words would make a late one switch, and a tail of
two words tells little. So the first decode with enough voice decides. Until then each segment is heard for itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

AUTO = "auto"
"""The language is to be found out."""
ENGLISH = "en"
ENOUGH_S = 3.0
"""So much voice decides. Whisper itself looks at what there is of the first 30 s."""


class Spoken:
    """What is known of one utterance's language. ``language`` is a code, "" until one was found.

    ``among``: the codes that an unknown one may be of, all when empty. ``translate``: the text is wanted in English.
    """

    def __init__(self, asked: str = ENGLISH, among: Collection[str] = (), *, translate: bool = False) -> None:
        self.language = "" if asked == AUTO else primary(asked)
        self.translate = translate
        self._among = frozenset(among)
        self._settled = bool(self.language)
        self._voiced_s = 0.0

    def begin(self, voiced_s: float) -> None:
        """The decode of a segment begins, with so many seconds of voice in it."""
        if not self._settled:
            self.language = ""
        self._voiced_s = voiced_s

    def hear(self, probabilities: Mapping[str, float]) -> None:
        """What the model takes the segment for: how probable each language is."""
        possible = [code for code in probabilities if code in self._among] or list(probabilities)
        self.language = max(possible, key=lambda code: probabilities[code])
        self._settled = self._voiced_s >= ENOUGH_S

    def settle(self, language: str) -> None:
        """The model knows only this one."""
        self.language = language
        self._settled = True


def primary(tag: str) -> str:
    """The code that Whisper goes by: "en-US" is English."""
    return tag.replace("_", "-").partition("-")[0].lower()


def of_text(spoken: str, *, translate: bool) -> str:
    """In which language the text of such speech is written."""
    return ENGLISH if translate else spoken


def is_english_only(model: str) -> bool:
    """Whether a published model, by its name, was trained with English alone: a name it tells nothing of is not."""
    return model.endswith(".en") or model.startswith("distil-")


def translates(model: str) -> bool:
    """Whether a model, by its name, was trained to translate: large-v3-turbo was not (OpenAI's model card of it)."""
    return not is_english_only(model) and not model.endswith("turbo")
