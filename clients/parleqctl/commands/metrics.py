"""``parleqctl metrics``: how long each stage takes, and counts."""

from __future__ import annotations

from parleqctl import exits
from parleqctl.layout import table
from parleqctl.parser import json_option

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from typing import Any

    from parleqctl.invocation import Invocation


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
Cost is in dollars, by the public prices of known models; `cleanup.prices` in the settings goes before them:

  [cleanup.prices]
  "gpt-4o-mini" = [0.15, 0.075, 0.60]   # a million tokens of prompt, cached prompt, completion

examples:
  parleqctl metrics
  parleqctl metrics --json | jq .stages"""
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    metrics = invocation.ask("metrics/get")
    invocation.result(metrics, as_table(metrics))
    return exits.DONE


def as_table(metrics: dict[str, Any]) -> str:
    """Milliseconds of each stage, then the counts, then what cleanup cost."""
    stages, counts = metrics.get("stages") or {}, metrics.get("counts") or {}
    cost: dict[str, float] = metrics.get("cost") or {}
    rows = [("stage", "count", "p50 ms", "p95 ms")]
    rows += [(name, str(s["count"]), f"{s['p50']:.1f}", f"{s['p95']:.1f}") for name, s in stages.items()]
    blocks = [table(rows)]
    if counts:
        blocks.append(table([(name, str(count)) for name, count in counts.items()]))
    if cost:
        spent = [*cost.items(), ("all", sum(cost.values()))]
        decimals = max(_decimals(amount) for _, amount in spent)
        blocks.append(table([("target", "cost"), *((name, f"{amount:.{decimals}f}") for name, amount in spent)]))
    return "\n\n".join(blocks)


def _decimals(amount: float) -> int:
    """Four, and as many as show four significant digits of a small amount, without zeros at its end."""
    digits, _, exponent = f"{amount:.3e}".partition("e")
    return max(4, len(digits.replace(".", "").rstrip("0")) - 1 - int(exponent))
