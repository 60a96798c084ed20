from __future__ import annotations

import json

import pytest

from parleqd._tools.audit import CLEAN, FAULTY, NOT_ASKED, advice_of, tell

ASKED = {"name": "good", "version": "1", "vulns": []}
FAULT = {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1", "3"]}]}
UNMENDED = {"name": "worse", "version": "2", "vulns": [{"id": "PYSEC-2", "fix_versions": []}]}
UNKNOWN = {"name": "odd", "skip_reason": "Dependency not found on PyPI and could not be audited: odd (3)"}


@pytest.mark.parametrize(
    ("packages", "code", "told"),
    [
        ([ASKED], CLEAN, "1 packages, 0 known faults"),
        ([ASKED, FAULT], FAULTY, "bad 2: PYSEC-1, mended in 2.1, 3"),
        ([UNMENDED], FAULTY, "worse 2: PYSEC-2, mended in no version yet"),
        ([ASKED, UNKNOWN], NOT_ASKED, "could not ask about 1 of 2: odd"),
        ([UNKNOWN, FAULT], FAULTY, "could not ask about 1 of 2: odd"),
        ([], NOT_ASKED, "0 packages"),
    ],
)
def test_an_all_clear_is_given_only_when_every_package_was_asked_about(
    packages: list[dict[str, object]], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tell(advice_of(json.dumps({"dependencies": packages, "fixes": []})), "") == code
    assert told in capsys.readouterr().out


@pytest.mark.parametrize("printed", ["", "no JSON", "[]", '{"dependencies": [{"name": "x"}]}'])
def test_what_is_no_answer_is_no_all_clear(printed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert tell(advice_of(printed), "first\nno route to host\n") == NOT_ASKED
    assert "could not ask: no route to host" in capsys.readouterr().out
