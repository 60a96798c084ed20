from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from parleqd._tools import error_pages as pages
from parleqd.protocol.names import ErrorCode, Reason

ROOT = Path()


def test_every_reason_stands_in_one_group() -> None:
    assert Counter(reason for group in pages.GROUPS.values() for reason in group) == Counter(Reason)


def test_every_code_and_reason_is_shown() -> None:
    page = pages.code_table(ROOT) + pages.reason_tables(ROOT)
    assert [code for code in ErrorCode if f"| `{int(code)}` |" not in page] == []
    assert [reason for reason in Reason if f"| `{reason}` |" not in page] == []


def test_a_reason_without_a_meaning_is_named() -> None:
    groups: pages.Groups = {"Some": {r: ("…", "…") for r in Reason if r is not Reason.NOT_OWNER}}
    with pytest.raises(LookupError, match=r"not_owner: say in error_pages\.py what it means"):
        pages.reason_tables(ROOT, groups)
