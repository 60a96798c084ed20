"""Dictation into a real Neovim: a spoken recording, a real daemon and model, and what becomes of the text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.neovim import Neovim, neovim
from tests.e2e.programs import pause
from tests.editors import EditorDesk, editor_desk
from tests.parts import scale

pytestmark = [pytest.mark.alone, pytest.mark.timeout(scale(180, 3600))]

ROUNDS = scale(2, 50)
BEFORE, BEHIND = "It begins here: ", "and goes on."
HEARD_S = 2.5
"""So much is said before something is killed."""


def fill(editor: Neovim) -> None:
    """A new buffer with a text, the cursor in its middle."""
    editor.lua("vim.cmd('stopinsert | enew!')")
    editor.set_text(f"first line\n{BEFORE}{BEHIND}\nlast line")
    editor.lua("vim.api.nvim_win_set_cursor(0, {2, ...})", len(BEFORE))


def with_(text: str) -> str:
    """What stands in the buffer then."""
    return f"first line\n{BEFORE}{text}{BEHIND}\nlast line"


def begin(editor: Neovim, desk: EditorDesk) -> None:
    editor.lua("vim.cmd('Parleq start')")
    desk.wait_listening()


def dictate(editor: Neovim, desk: EditorDesk) -> str:
    """A whole dictation; its text, once it was acknowledged."""
    begin(editor, desk)
    desk.speak()
    editor.lua("vim.cmd('Parleq stop')")
    desk.wait_settled()
    return desk.last_text()


def test_the_text_stands_where_dictation_began_and_one_undo_takes_it_back(tmp_path: Path) -> None:
    with editor_desk(tmp_path) as desk, neovim(desk.environment) as editor:
        for number in range(ROUNDS):
            fill(editor)
            begin(editor, desk)
            with desk.speaking():
                editor.until_holds(editor.partials, "partial text is shown")
                assert editor.text() == with_(""), "it is shown, and not in the text"
                assert editor.status() == "● REC"
                editor.keys("ggOa line above<Esc>G")  # the mark moves along, the cursor is elsewhere
                pause(HEARD_S)
            editor.lua("vim.cmd('Parleq stop')")
            desk.wait_settled()
            text = desk.last_text()
            assert editor.text() == "a line above\n" + with_(text)
            assert editor.lua("return vim.api.nvim_win_get_cursor(0)[1]") == 4
            assert (editor.marks(), editor.status()) == (0, "")
            editor.keys("u")
            assert editor.text() == "a line above\n" + with_("")
            editor.keys("<C-r>")
            assert editor.text() == "a line above\n" + with_(text)
            assert desk.dictations() == number + 1


def test_cancelling_leaves_no_trace(tmp_path: Path) -> None:
    with editor_desk(tmp_path) as desk, neovim(desk.environment) as editor:
        for _ in range(ROUNDS):
            fill(editor)
            steps = editor.lua("return vim.fn.undotree().seq_last")
            begin(editor, desk)
            with desk.speaking():
                editor.until_holds(editor.partials, "partial text is shown")
                editor.lua("vim.cmd('Parleq cancel')")
                assert editor.partials() == []
            desk.wait_settled()
            assert editor.text() == with_("")
            assert editor.lua("return vim.fn.undotree().seq_last") == steps
            assert (editor.marks(), editor.status(), editor.messages()) == (0, "", [])
            assert desk.dictations() == 0


def test_a_daemon_that_dies_meanwhile_and_is_back_gives_the_text_once(tmp_path: Path) -> None:
    with editor_desk(tmp_path) as desk, neovim(desk.environment) as editor:
        for number in range(ROUNDS):
            fill(editor)
            begin(editor, desk)
            with desk.speaking():
                pause(HEARD_S)
                desk.daemon.crash(worker_too=bool(number % 2))
            editor.until("return require('parleq').status() == 'parleqd?'", "the loss is noticed")
            editor.keys("ggOa line above<Esc>")
            desk.daemon.start_again()
            editor.until("return require('parleq').status() == ''", "the text has come")
            desk.wait_settled()
            assert editor.text() == "a line above\n" + with_(desk.last_text(at_least=1))
            assert desk.dictations() == 1
            editor.keys("u")
            assert editor.text() == "a line above\n" + with_("")


def test_if_the_editor_begins_anew_too_the_text_is_offered(tmp_path: Path) -> None:
    with editor_desk(tmp_path) as desk:
        for number in range(ROUNDS):
            with neovim(desk.environment) as editor:
                fill(editor)
                begin(editor, desk)
                with desk.speaking():
                    pause(HEARD_S)
                    desk.daemon.crash(worker_too=bool(number % 2))
            desk.daemon.start_again()
            with neovim(desk.environment) as editor:
                editor.until("return #messages > 0", "it is offered")
                assert [message for message in editor.messages() if ":Parleq last" in message]
                desk.wait_pending()
                assert editor.text() == ""
                editor.lua("vim.cmd('Parleq last')")
                desk.wait_settled()
                assert editor.text() == desk.last_text(at_least=1)


def test_in_insert_mode_one_types_on_behind_it(tmp_path: Path) -> None:
    with editor_desk(tmp_path) as desk, neovim(desk.environment) as editor:
        editor.keys("iHello ")
        text = dictate(editor, desk)
        editor.keys("and more")
        assert editor.text() == f"Hello {text}and more"
        editor.keys("<Esc>u")
        assert editor.text() == f"Hello {text}"
        editor.keys("u")
        assert editor.text() == "Hello "


def test_two_buffers_get_what_was_said_for_each(tmp_path: Path) -> None:
    with editor_desk(tmp_path) as desk, neovim(desk.environment) as editor:
        first = editor.lua("return vim.api.nvim_get_current_buf()")
        begin(editor, desk)
        desk.speak()
        editor.lua("vim.cmd('Parleq stop | new')")  # its text is still on its way
        second = dictate(editor, desk)
        assert editor.text() == second
        assert "garden" in editor.text(first)
        assert desk.dictations() == 2


def test_a_terminal_gets_it_on_its_command_line_and_nothing_runs(tmp_path: Path) -> None:
    with editor_desk(tmp_path) as desk, neovim(desk.environment) as editor:
        editor.lua("vim.cmd('terminal cat') vim.cmd('startinsert')")
        text = dictate(editor, desk)
        editor.until_holds(lambda: text in editor.text().replace("\n", ""), "the terminal shows it")
        assert editor.text().replace("\n", "").count(text) == 1, "cat has had no line yet"


def test_a_buffer_that_goes_meanwhile_loses_nothing(tmp_path: Path) -> None:
    with editor_desk(tmp_path) as desk, neovim(desk.environment) as editor:
        begin(editor, desk)
        desk.speak()
        editor.lua("vim.cmd('new | bwipeout! #') vim.cmd('Parleq stop')")
        desk.wait_pending()
        editor.until_holds(editor.messages, "it is told")
        assert "gone" in editor.messages()[0]
        editor.lua("vim.cmd('Parleq last')")
        desk.wait_settled()
        assert editor.text() == desk.last_text()


def test_the_doctor_tries_the_daemons_parts(tmp_path: Path) -> None:
    with editor_desk(tmp_path) as desk, neovim(desk.environment, setup=None) as editor:
        editor.lua("vim.cmd('Parleq doctor')")
        said = editor.text()
        assert "parleqd 0" in said
        assert "microphone" in said
        assert "❌" not in said
