"""What a request costs, by a price table: dollars a million tokens, as a model's maker lists them.

The prices here are those of OpenAI's and Azure's public lists as known in the middle of 2025 (global standard
deployments). They change, and contracts differ: ``cleanup.prices`` in the settings goes before them.
"""

from __future__ import annotations

from collections.abc import Mapping

from parleqd.core.polish.stream import Usage
from parleqd.core.settings.sections import Price

LISTED: Mapping[str, Price] = {
    "gpt-4.1": Price(2.00, 0.50, 8.00),
    "gpt-4.1-mini": Price(0.40, 0.10, 1.60),
    "gpt-4.1-nano": Price(0.10, 0.025, 0.40),
    "gpt-4o": Price(2.50, 1.25, 10.00),
    "gpt-4o-mini": Price(0.15, 0.075, 0.60),
    "gpt-5": Price(1.25, 0.125, 10.00),
    "gpt-5-mini": Price(0.25, 0.025, 2.00),
    "gpt-5-nano": Price(0.05, 0.005, 0.40),
    "o3": Price(2.00, 0.50, 8.00),
    "o3-mini": Price(1.10, 0.55, 4.40),
    "o4-mini": Price(1.10, 0.275, 4.40),
}


def price_of(model: str, own: Mapping[str, Price]) -> Price | None:
    """The price of a model by its name, or ``None``. ``own``: the user's table, which goes first.

    A service may call a model by a dated name (``gpt-4o-mini-2024-07-18``); other names must be in the table whole.
    """
    name = model.lower()
    for table in ({key.lower(): price for key, price in own.items()}, LISTED):
        if name in table:
            return table[name]
        dated = (key for key in table if name.startswith(f"{key}-") and _is_date(name[len(key) + 1 :]))
        if (key := next(dated, None)) is not None:
            return table[key]
    return None


def cost_of(usage: Usage, price: Price) -> float:
    """Dollars. Cached tokens are part of the prompt, hidden reasoning and rejected predictions of the completion."""
    cached = min(usage.cached, usage.prompt)
    fresh = usage.prompt - cached
    return (fresh * price.prompt + cached * price.cached + usage.completion * price.completion) / 1e6


def _is_date(end: str) -> bool:
    return len(end) >= 4 and all(part.isdigit() for part in end.split("-"))
