"""Whether predicted outputs pay: the service bills tokens of the prediction that the answer did not take up.

Source: Microsoft's page "Predicted outputs" of Azure OpenAI (accepted and rejected prediction tokens).
"""

from __future__ import annotations

import msgspec

from parleqd.core.polish.stream import Usage

TRIED = 3
"""Answers that came with a prediction, before the balance counts: one heavily mended dictation proves nothing."""


class Prediction(msgspec.Struct, frozen=True):
    """The balance of one deployment, in tokens, over ``answers`` answers."""

    answers: int = 0
    accepted: int = 0
    rejected: int = 0

    def plus(self, usage: Usage) -> Prediction:
        """With one more answer; one that tells of no prediction changes nothing."""
        if not (usage.accepted_prediction or usage.rejected_prediction):
            return self
        return Prediction(
            self.answers + 1, self.accepted + usage.accepted_prediction, self.rejected + usage.rejected_prediction
        )

    @property
    def costs_more(self) -> bool:
        """More was thrown away than taken up."""
        return self.answers >= TRIED and self.rejected > self.accepted
