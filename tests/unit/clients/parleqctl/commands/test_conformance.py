from __future__ import annotations

from pathlib import Path

import pytest

from parleqctl.conformance.suite import CHECKS
from parleqd.adapters.speech.scripted import ScriptedFactory
from tests.fakes.breaking_server import breaking, recodes
from tests.fakes.command_line import parleqctl, parleqctl_at
from tests.integration.daemon import running_daemon


@pytest.mark.timeout(60)
@pytest.mark.asyncio
async def test_our_daemon_keeps_to_the_protocol() -> None:
    async with running_daemon(recognisers=ScriptedFactory(["hello there"] * 99)) as daemon:
        outcome = await parleqctl_at(daemon, "conformance", "--recording", "/speech.flac", "--json")
    (report,) = outcome.json
    assert [check for check in report["checks"] if check["verdict"] != "ok"] == []
    assert report["verdict"] == "ok"
    assert len(report["checks"]) == len(CHECKS)
    assert outcome.code == 0


@pytest.mark.asyncio
async def test_without_a_recording_what_needs_one_is_skipped_and_that_is_no_failure() -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(daemon, "conformance", "claim", "batch")
    assert outcome.code == 0
    assert outcome.out.splitlines()[0].split()[:2] == ["skipped", "claim"]
    assert "--recording" in outcome.out.splitlines()[1]
    assert outcome.out.splitlines()[2].split()[:2] == ["ok", "batch"]


@pytest.mark.asyncio
async def test_a_server_that_breaks_a_rule_is_told_of_and_ends_with_4() -> None:
    async with breaking(recodes(-32601, -32603)) as place:
        outcome = await parleqctl_at(place, "conformance", "unknown_method", "--patience", "1")
    assert outcome.code == 4
    failed, came = outcome.out.splitlines()
    assert failed.split()[:2] == ["failed", "unknown_method"]
    assert "-32603" in came


def test_no_server_at_all_is_told_as_by_every_command() -> None:
    outcome = parleqctl("conformance", "--json", "--socket", "/nowhere/s.sock")
    assert (outcome.code, outcome.reason) == (3, "daemon_unreachable")


@pytest.mark.parametrize(
    "argv",
    [["no_such"], ["--client", "batch"], ["--client", "--recording", "x"], ["--patience", "0"], ["--patience", "soon"]],
    ids=" ".join,
)
def test_wrong_usage_is_refused(argv: list[str]) -> None:
    assert parleqctl("conformance", *argv).code == 2


def test_a_client_that_never_comes_ends_with_4(tmp_path: Path) -> None:
    outcome = parleqctl("conformance", "--client", "--patience", "0.01", "--socket", str(tmp_path / "judge"))
    assert outcome.code == 4
    assert "listening at" in outcome.err
    assert outcome.out.splitlines()[0].startswith("failed   initialize_first")
