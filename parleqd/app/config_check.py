"""``parleqd --check-config``: the effective settings with their origins, and everything wrong with them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

import msgspec

from parleqd.app.config_effective import load_settings
from parleqd.app.config_file import ConfigProblem, find_config, is_named
from parleqd.app.config_managed import PolicyPlace, find_policy
from parleqd.core.applications.choice import choose, told
from parleqd.core.ports import SettingOrigin
from parleqd.protocol.messages import SessionContext


class ConfigReport(msgspec.Struct, frozen=True):
    """The outcome of a check. ``exists`` is false when there is no file, so that defaults apply."""

    file: str
    exists: bool
    settings: tuple[SettingOrigin, ...]
    problems: tuple[ConfigProblem, ...]
    managed_by: str = ""
    behaviour: tuple[SettingOrigin, ...] = ()


def check_config(
    path: Path,
    environment: Mapping[str, str],
    *,
    named: bool,
    place: SessionContext | None = None,
    policy: PolicyPlace | None = None,
) -> ConfigReport:
    """Read the settings as the daemon would, and report. ``named``: the file must exist.

    ``place``: tell what is done with texts that go there, too. ``policy``: where an administrator's would be.
    """
    found = load_settings(path, environment, named=named, policy=policy)
    behaviour = () if place is None else tuple(told(choose(found.settings, place), found.origins))
    managed_by = "" if found.policy is None else found.policy.path
    return ConfigReport(str(path), found.exists, found.origins, found.problems, managed_by, behaviour)


def json_lines(report: ConfigReport) -> Iterator[str]:
    """The report as one JSON object on one line; values are JSON values, not text."""
    tree = {
        **msgspec.structs.asdict(report),
        "settings": _plain(report.settings),
        "behaviour": _plain(report.behaviour),
    }
    yield msgspec.json.encode(tree).decode()


def _plain(settings: Iterable[SettingOrigin]) -> list[dict[str, object]]:
    return [
        {"key": setting.key, "value": msgspec.Raw(setting.value.encode()), "origin": setting.origin}
        for setting in settings
    ]


def text_lines(report: ConfigReport) -> Iterator[str]:
    """The report's lines for people: what is wrong comes last, where it is seen."""
    yield f"# {report.file}" + ("" if report.exists else " (no such file: defaults)")
    if report.managed_by:
        yield f"# managed by {report.managed_by}"
    shown = report.behaviour or report.settings
    width = max(len(f"{setting.key} = {setting.value}") for setting in shown)
    for setting in shown:
        yield f"{f'{setting.key} = {setting.value}':<{width}}  # {setting.origin}"
    for problem in report.problems:
        yield f"error: {problem}"


def run_check(config_path: str | None, *, as_json: bool, out: TextIO, context: str | None = None) -> int:
    """Print the report of the process's own settings; returns 0, or EX_CONFIG (78) when one is bad.

    ``context``: a place as JSON; in place of the settings, the report for people then tells what is done there. One
    that is none is refused on stderr, with EX_USAGE (64).
    """
    path, named = find_config(config_path, os.environ), is_named(config_path, os.environ)
    try:
        place = None if context is None else msgspec.json.decode(context, type=SessionContext)
    except msgspec.DecodeError as error:
        sys.stderr.write(f'parleqd: --context: {error} (such as {{"app": "kitty"}})\n')
        return os.EX_USAGE
    policy = find_policy(os.environ, sys.platform)
    report = check_config(path, os.environ, named=named, place=place, policy=policy)
    for line in (json_lines if as_json else text_lines)(report):
        print(line, file=out)
    return os.EX_CONFIG if report.problems else os.EX_OK
