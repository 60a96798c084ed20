"""``parleqctl metrics``: how long each stage takes, and counts."""

from __future__ import annotations

from parleqctl import exits
from parleqctl.layout import table
from parleqctl.parser import json_option

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable
    from typing import Any, NoReturn

    from parleqctl.invocation import Invocation


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
Percentiles are of the latest measurements of each stage (`window` of them at most, 1000), the
total and all counts since the daemon's start. docs/events.md says what is measured.

Cost is in dollars, by the public prices of known models; `cleanup.prices` in the settings goes before them:

  [cleanup.prices]
  "gpt-4o-mini" = [0.15, 0.075, 0.60]   # a million tokens of prompt, cached prompt, completion

examples:
  parleqctl metrics
  parleqctl metrics --json | jq .stages
  parleqctl metrics --watch                       again after every dictation
  parleqctl metrics --prometheus > /var/lib/node_exporter/parleq.prom"""
    json_option(parser)
    parser.add_argument("--watch", action="store_true", help="print them again after every dictation")
    parser.add_argument("--prometheus", action="store_true", help="print them in Prometheus' text format")
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    show = as_prometheus if invocation.arguments.prometheus else as_table
    if invocation.arguments.watch:
        _watch(invocation, show)
    metrics = invocation.ask("metrics/get")
    invocation.result(metrics, show(metrics))
    return exits.DONE


def _watch(invocation: Invocation, show: Callable[[dict[str, Any]], str]) -> NoReturn:
    """Ends by an interrupt, or by UnreachableError when the daemon goes."""
    with invocation.shake_hands() as connection:
        connection.call("events/subscribe", {"topics": ["state"]})
        while True:
            metrics = connection.call("metrics/get")
            invocation.result(metrics, f"{show(metrics)}\n")
            phase = None
            while phase not in ("delivering", "ended"):
                method, told = connection.next_notification()
                phase = told.get("phase") if method == "session/state" else None


def as_table(metrics: dict[str, Any]) -> str:
    """Milliseconds of each stage, then the counts, then what cleanup cost."""
    stages, counts = metrics.get("stages") or {}, metrics.get("counts") or {}
    cost: dict[str, float] = metrics.get("cost") or {}
    rows = [("stage", "count", "p50 ms", "p95 ms", "total")]
    rows += [
        (name, str(s["count"]), f"{s['p50']:.1f}", f"{s['p95']:.1f}", str(s.get("total") or s["count"]))
        for name, s in stages.items()
    ]
    blocks = [table(rows)]
    if counts:
        blocks.append(table([(name, str(count)) for name, count in counts.items()]))
    if cost:
        spent = [*cost.items(), ("all", sum(cost.values()))]
        decimals = max(_decimals(amount) for _, amount in spent)
        blocks.append(table([("target", "cost"), *((name, f"{amount:.{decimals}f}") for name, amount in spent)]))
    return "\n\n".join(blocks)


def as_prometheus(metrics: dict[str, Any]) -> str:
    """The text exposition format of Prometheus, version 0.0.4: one summary a stage, and counters."""
    lines = ["# TYPE parleq_stage_milliseconds summary"]
    for name, s in (metrics.get("stages") or {}).items():
        for quantile, key in (("0.5", "p50"), ("0.95", "p95")):
            lines.append(f'parleq_stage_milliseconds{{stage="{name}",quantile="{quantile}"}} {s[key]}')
        lines.append(f'parleq_stage_milliseconds_count{{stage="{name}"}} {s.get("total") or s["count"]}')
    for kind, label, values in (("events", "name", metrics.get("counts")), ("cost", "target", metrics.get("cost"))):
        lines.append(f"# TYPE parleq_{kind}_total counter")
        lines += [f'parleq_{kind}_total{{{label}="{_label(name)}"}} {value}' for name, value in (values or {}).items()]
    return "\n".join(lines)


def _label(value: str) -> str:
    """What somebody named as he liked, as the format wants it."""
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _decimals(amount: float) -> int:
    """Four, and as many as show four significant digits of a small amount, without zeros at its end."""
    digits, _, exponent = f"{amount:.3e}".partition("e")
    return max(4, len(digits.replace(".", "").rstrip("0")) - 1 - int(exponent))
