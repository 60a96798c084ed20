from __future__ import annotations

import argparse
import subprocess

import pytest

from parleqd._tools.man_pages import escaped, man_page
from tests.parts import ROOT, need


def program() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tune",
        description="Tunes things. Slowly.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="exit codes:\n  0 done\n  -1 'other'\n\nIt is a tool. It has no moods.",
    )
    parser.add_argument("--verbose", "-v", action="store_true", help="say 100 %% of it")
    parser.add_argument("--hidden", help=argparse.SUPPRESS)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    up = commands.add_parser("up", description="Higher.", epilog="examples (for a piano):\n  tune up A4")
    up.add_argument("--socket", metavar="PATH")
    either = up.add_mutually_exclusive_group(required=True)
    either.add_argument("--by", metavar="CENTS", help="how much (default: %(default)s)", default=5)
    either.add_argument("--to", choices=["a", "b"])
    up.add_argument("strings", nargs="+", metavar="STRING")
    up.add_argument("tool", nargs="?")
    actions = commands.add_parser("all", description="All of them.").add_subparsers(metavar="ACTION")
    actions.add_parser("down", description="Lower.")
    return parser


@pytest.fixture
def page() -> str:
    return man_page(program(), ROOT, programs={"tune": program, "a-fork": program}, summary="tune things")


def test_the_page_is_for_its_program(page: str) -> None:
    assert ".TH TUNE 1 " in page
    assert "tune \\- tune things" in page
    assert page.endswith(".SH SEE ALSO\n.BR a\\-fork (1)")


def test_options_say_what_help_says(page: str) -> None:
    assert ".TP\n\\fB\\-\\-verbose\\fR, \\fB\\-v\\fR\nsay 100 % of it\n" in page
    assert "how much (default: 5)" in page
    assert "hidden" not in page


def test_a_synopsis_brackets_what_may_be_left_out(page: str) -> None:
    assert ".SH SYNOPSIS\n\\fBtune\\fR\n[\\fB\\-h\\fR]\n[\\fB\\-v\\fR]\n\\fICOMMAND\\fR\\ ...\n" in page
    assert "\\fISTRING\\fR\\ [\\fISTRING\\fR\\ ...]\n[\\fITOOL\\fR]\n" in page


def test_a_synopsis_shows_what_excludes_one_another(page: str) -> None:
    assert "(\\fB\\-\\-by\\fR\\ \\fICENTS\\fR\\ |\\\n\\ \\fB\\-\\-to\\fR\\ \\fBa\\fR|\\:\\\n\\fBb\\fR)\n" in page


def test_commands_and_actions_have_a_part_each_without_what_all_take(page: str) -> None:
    assert [line for line in page.splitlines() if line.startswith(".SS")] == [
        '.SS "tune up"',
        '.SS "tune all"',
        '.SS "tune all down"',
    ]
    assert "socket" not in page
    assert page.count("\\-h\\fR") == 2  # the program's own: the synopsis and the option


def test_an_epilog_keeps_its_tables_and_fills_its_prose(page: str) -> None:
    assert ".SH EXIT STATUS\n.RS 4\n.nf\n0 done\n\\-1 \\(aqother\\(aq\n.fi\n.RE\n" in page
    assert ".SH NOTES\nIt is a tool.\nIt has no moods.\n" in page
    assert ".PP\nExamples (for a piano):\n.RS 4\n.nf\ntune up A4\n.fi\n.RE\n" in page


@pytest.mark.parametrize(
    "text", ["plain", "a\\b", "--dash", "it's `so`", ".dotted", "'quoted", "“curled” …", "\\fBold"]
)
def test_text_comes_out_of_roff_as_it_went_in(text: str) -> None:
    source = f'.TH T 1 2026-01-01 "t" "t"\n.SH NAME\n.nf\n{escaped(text)}\n'
    shown = subprocess.run(
        [need("mandoc"), "-T", "utf8", "-O", "width=200"], input=source, capture_output=True, text=True, check=True
    )
    assert shown.stdout.splitlines()[3].strip() == text
