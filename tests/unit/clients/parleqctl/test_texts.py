from __future__ import annotations

from argparse import ArgumentParser, Namespace

import pytest

from parleq_client import LocalError
from parleqctl.console import Console
from parleqctl.invocation import Invocation
from parleqctl.texts import print_edits, text_options, wanted
from tests.fakes.command_line import MemoryStream
from tests.fakes.daemon import ENTRY

EDITS = [
    {"stage": "fillers", "before": "um ", "after": ""},
    {"stage": "capitals", "before": "hello\n", "after": "Hello\n"},
]


def parsed(*argv: str) -> Namespace:
    parser = ArgumentParser()
    text_options(parser)
    return parser.parse_args(argv)


def printed(edits: list[dict[str, str]], *, json: bool) -> tuple[str, str]:
    out, err = MemoryStream(), MemoryStream()
    assert print_edits(edits, Invocation(Namespace(json=json), Console(None, out, err, {}))) == 0
    return out.written, err.written


@pytest.mark.parametrize(
    ("argv", "text"), [([], "Hello world."), (["--raw"], "um hello world"), (["--instant"], "Hello, world.")]
)
def test_the_text_that_is_wanted_is_chosen(argv: list[str], text: str) -> None:
    assert wanted(ENTRY, parsed(*argv)) == text


def test_a_text_that_was_never_made_is_told() -> None:
    entry = {**ENTRY, "texts": {"raw": "um hello world", "instant": None, "polished": None}}
    with pytest.raises(LocalError) as raised:
        wanted(entry, parsed("--instant"))
    assert "--raw" in raised.value.hint


def test_edits_are_numbered_a_line_each() -> None:
    assert printed(EDITS, json=False) == ("1  fillers   'um ' → ''\n2  capitals  'hello\\n' → 'Hello\\n'\n", "")
    assert printed([], json=False) == ("", "nothing was changed\n")
    assert printed(EDITS[:1], json=True)[0].startswith('{"edits"')
