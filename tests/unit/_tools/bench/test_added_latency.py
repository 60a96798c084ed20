from __future__ import annotations

from pathlib import Path

import pytest
from anyio import to_thread

from parleq_client import Connection
from parleqd._tools.bench import added_latency
from parleqd._tools.bench.added_latency import Run
from parleqd._tools.demo_recording import RECORDING
from tests.fakes.daemon import running_daemon
from tests.parts import shared_data


def test_what_is_added_is_neither_decoding_nor_cleanup() -> None:
    assert Run(release_to_text=110.0, decode=100.0, cleanup=2.0).added == 8.0


def test_a_clip_counts_with_the_median_of_its_rounds_and_the_slowest_clip_decides() -> None:
    def run(added: float) -> tuple[Run, float]:
        return Run(100.0 + added, 99.0, 1.0), 50.0

    quick, slow = [run(1.0), run(2.0), run(90.0)], [run(12.0), run(3.0), run(11.0)]
    added, ratio = added_latency.compare([*zip(quick, slow, strict=True)])
    assert (added.value, added.limit, added.held) == (11.0, 10, False)
    assert added.detail == "2 clips, median of 3 each; slowest of all 90.0 ms"
    assert ratio.value == pytest.approx((2.06 + 2.22) / 2)
    assert ratio.limit is None


def test_without_the_data_beside_the_project_the_demo_is_the_clip(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PARLEQ_SHARED", str(tmp_path))
    assert set(added_latency.choose_clips()) == {RECORDING}


def test_clips_are_short_utterances() -> None:
    shared_data("speech")
    clips = added_latency.choose_clips()
    assert 0 < len(clips) <= added_latency.CLIPS
    assert all(clip.name.startswith("utt-") for clip in clips)


@pytest.mark.asyncio
async def test_a_clip_is_pushed_as_spoken_stopped_and_its_text_acknowledged() -> None:
    async with running_daemon() as daemon:
        run = await to_thread.run_sync(dictated, daemon.path)
    assert (run.decode, run.cleanup) == (9.0, 1.0)
    times = [len(daemon.asked(f"session/{step}")) for step in ("start", "audio", "stop", "acknowledge")]
    assert times == [1, 10, 1, 1]


def dictated(path: str) -> Run:
    """A fifth of a second."""
    with Connection.open(path) as connection:
        connection.initialize("test", instance="i")
        return added_latency.dictate(connection, bytes(6_400))
