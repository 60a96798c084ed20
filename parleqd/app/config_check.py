"""``parleqd --check-config``: the effective settings with their origins, and everything wrong with them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

import msgspec

from parleqd.app.config import load_settings
from parleqd.app.config_file import ConfigProblem, find_config, is_named
from parleqd.core.ports import SettingOrigin


class ConfigReport(msgspec.Struct, frozen=True):
    """The outcome of a check. ``exists`` is false when there is no file, so that defaults apply."""

    file: str
    exists: bool
    settings: tuple[SettingOrigin, ...]
    problems: tuple[ConfigProblem, ...]


def check_config(path: Path, environment: Mapping[str, str], *, named: bool) -> ConfigReport:
    """Read the settings as the daemon would, and report. ``named``: the file must exist."""
    effective = load_settings(path, environment, named=named)
    return ConfigReport(str(path), effective.exists, effective.origins, effective.problems)


def json_lines(report: ConfigReport) -> Iterator[str]:
    """The report as one JSON object on one line; values are JSON values, not text."""
    settings = [
        {"key": setting.key, "value": msgspec.Raw(setting.value.encode()), "origin": setting.origin}
        for setting in report.settings
    ]
    tree = {"file": report.file, "exists": report.exists, "settings": settings, "problems": report.problems}
    yield msgspec.json.encode(tree).decode()


def text_lines(report: ConfigReport) -> Iterator[str]:
    """The report's lines for people: what is wrong comes last, where it is seen."""
    yield f"# {report.file}" + ("" if report.exists else " (no such file: defaults)")
    width = max(len(f"{setting.key} = {setting.value}") for setting in report.settings)
    for setting in report.settings:
        yield f"{f'{setting.key} = {setting.value}':<{width}}  # {setting.origin}"
    for problem in report.problems:
        yield f"error: {problem}"


def run_check(config_path: str | None, *, as_json: bool, out: TextIO) -> int:
    """Print the report of the process's own settings; returns 0, or EX_CONFIG (78) when one is bad."""
    path, named = find_config(config_path, os.environ), is_named(config_path, os.environ)
    report = check_config(path, os.environ, named=named)
    for line in (json_lines if as_json else text_lines)(report):
        print(line, file=out)
    return os.EX_CONFIG if report.problems else os.EX_OK
