from __future__ import annotations

from parleqd.engine.bugs import bug_in


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as problem:  # noqa: BLE001 - to look at it
        return problem


def test_a_bug_is_told_by_type_and_place_and_never_by_its_text() -> None:
    bug = bug_in(raised(ValueError("dictated words")))
    assert bug.error == "ValueError"
    assert bug.where.rpartition(":")[0].endswith("test_bugs.py")
    assert "dictated" not in str(bug)


def test_of_a_group_the_first_is_told() -> None:
    inner = raised(KeyError("x"))
    assert isinstance(inner, KeyError)
    group = raised(ExceptionGroup("", [ExceptionGroup("", [inner]), ValueError()]))
    assert bug_in(group) == bug_in(inner)


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert bug_in(ValueError()) == ("ValueError", "")
