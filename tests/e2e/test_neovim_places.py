"""Where in Neovim a text goes, and what becomes of it there; the daemon answers from a script."""

from __future__ import annotations

import pytest

from tests.e2e.neovim import Neovim
from tests.e2e.neovim_scenes import CANCEL, IDLE, RECORDING, START, STOP, dictate, played, receipts
from tests.fakes.daemon import RESULT, Object, Peer, never

pytestmark = pytest.mark.timeout(60)


@pytest.mark.asyncio
async def test_partials_are_shown_in_two_looks_at_the_mark() -> None:
    async def result(peer: Peer, params: Object) -> Object:
        for revision, (stable, provisional) in enumerate([("", "he"), ("hello ", "wor")]):
            partial = {"session_id": "s1", "revision": revision, "stable": stable, "provisional": provisional}
            await peer.notify("session/partial", partial)
        return await never(peer, params)

    def scene(editor: Neovim) -> None:
        editor.lua(START)
        wanted = [["hello ", "ParleqStable"], ["wor", "ParleqProvisional"]]
        editor.until_holds(lambda: editor.partials() == wanted, "both are shown")
        editor.lua(CANCEL)
        assert (editor.partials(), editor.text(), editor.messages()) == ([], "", [])

    async with played(scene, {"session/result": result}) as daemon:
        assert daemon.asked("session/cancel") == [{"session_id": "s1"}]


@pytest.mark.asyncio
async def test_two_dictations_at_one_place_stand_in_their_order() -> None:
    def scene(editor: Neovim) -> None:
        editor.set_text("ab")
        editor.keys("li")
        for command in (START, STOP, START, STOP):
            editor.lua(command)
        editor.until(IDLE, "both have come")
        assert editor.text() == "aHello world.1Hello world.2b"
        editor.keys("x<Esc>u")
        assert editor.text() == "aHello world.1Hello world.2b"
        editor.keys("u")
        assert editor.text() == "aHello world.1b"

    async with played(scene) as daemon:
        assert receipts(daemon) == {"s1": "verified", "s2": "verified"}


@pytest.mark.asyncio
async def test_what_is_edited_meanwhile_moves_the_mark() -> None:
    def scene(editor: Neovim) -> None:
        editor.set_text("one\ntwo three")
        editor.lua("vim.api.nvim_win_set_cursor(0, {2, 4})")
        editor.lua(START)
        editor.keys("ggyyPjjA four<Esc>")
        editor.keys("0itwice <Esc>gg")
        dictating = editor.lua("return vim.api.nvim_win_get_cursor(0)")
        editor.lua(STOP)
        editor.until(IDLE, "the text has come")
        assert editor.text() == "one\none\ntwice two Hello world.1three four"
        assert editor.lua("return vim.api.nvim_win_get_cursor(0)") == dictating
        editor.keys("u")
        assert editor.text() == "one\none\ntwice two three four"

    async with played(scene):
        pass


@pytest.mark.asyncio
async def test_in_normal_mode_it_goes_behind_the_last_character_and_is_repeated_by_a_dot() -> None:
    def scene(editor: Neovim) -> None:
        editor.set_text("größe\nend")
        editor.keys("$")
        dictate(editor)
        assert editor.text() == "größeHello world.1\nend"
        editor.keys("j0.")
        assert editor.text() == "größeHello world.1\nHello world.1end"
        editor.keys("u")
        assert editor.text() == "größeHello world.1\nend"

    async with played(scene):
        pass


@pytest.mark.asyncio
async def test_a_blank_is_put_behind_what_takes_one() -> None:
    texts = iter(("One.", "Two.\n"))

    async def result(_: Peer, params: Object) -> Object:
        return {**RESULT, "session_id": params["session_id"], "text": next(texts), "trailing_space": True}

    def scene(editor: Neovim) -> None:
        editor.keys("i")
        dictate(editor)
        dictate(editor)
        assert editor.text() == "One. Two.\n"

    async with played(scene, {"session/result": result}):
        pass


@pytest.mark.asyncio
async def test_a_handler_of_somebody_else_that_fails_breaks_no_dictation() -> None:
    def scene(editor: Neovim) -> None:
        editor.lua("vim.api.nvim_create_autocmd('User', {pattern = 'ParleqStatus', command = 'echoerr \"mine\"'})")
        editor.lua("vim.api.nvim_create_autocmd('OptionSet', {command = 'echoerr \"mine\"'})")
        editor.lua("vim.o.laststatus = 2 vim.o.statusline = '%{mine()}'")
        dictate(editor)
        assert (editor.text(), editor.marks()) == ("Hello world.1", 0)

    async with played(scene) as daemon:
        assert receipts(daemon) == {"s1": "verified"}


@pytest.mark.asyncio
async def test_a_prompt_gets_one_line() -> None:
    async def result(_: Peer, params: Object) -> Object:
        return {**RESULT, "session_id": params["session_id"], "text": "one\ntwo\n"}

    def scene(editor: Neovim) -> None:
        editor.lua("vim.bo.buftype = 'prompt' vim.fn.prompt_setprompt(0, '% ')")
        editor.keys("i")
        dictate(editor)
        assert editor.text() == "% one two"

    async with played(scene, {"session/result": result}):
        pass


@pytest.mark.asyncio
async def test_in_visual_mode_it_goes_to_the_cursor() -> None:
    def scene(editor: Neovim) -> None:
        editor.set_text("one two")
        editor.keys("ve")
        editor.lua(START)
        editor.lua(STOP)
        editor.until(IDLE, "the text has come")
        assert editor.text() == "onHello world.1e two"

    async with played(scene):
        pass


@pytest.mark.asyncio
async def test_what_is_selected_is_refined_in_one_step() -> None:
    async def result(_: Peer, params: Object) -> Object:
        return {**RESULT, "session_id": params["session_id"], "text": "über\nALL", "baseline": "öne two"}

    def scene(editor: Neovim) -> None:
        editor.set_text("(öne two)")
        editor.keys("lvtwoe<Esc>")
        editor.keys("0lvf2<Esc>gv<Esc>0lvt)<Esc>")
        editor.keys(":'<lt>,'>Parleq refine<CR>")
        editor.until(IDLE, "the text has come")
        assert editor.text() == "(über\nALL)"
        editor.keys("u")
        assert editor.text() == "(öne two)"

    async with played(scene, {"session/result": result}) as daemon:
        (started,) = daemon.asked("session/start")
        assert started["refine"] == {"text": "öne two"}


@pytest.mark.asyncio
async def test_what_is_refined_is_the_line_or_exactly_what_is_selected_now() -> None:
    def scene(editor: Neovim) -> None:
        editor.set_text("one two größe")
        editor.keys("wve<Esc>")
        for typed in (":Parleq refine<CR>", ":'<lt>,'>Parleq refine<CR>", "wv$<Esc>:'<lt>,'>Parleq refine<CR>"):
            editor.keys(typed)
            editor.until(RECORDING, "it has begun")  # cancelled before, nothing is asked
            editor.lua(CANCEL)
        editor.lua("vim.o.selection = 'exclusive'")
        editor.keys("0vw<Esc>:'<lt>,'>Parleq refine<CR>")
        editor.until(RECORDING, "it has begun")

    async with played(scene) as daemon:
        refined = [started["refine"]["text"] for started in daemon.asked("session/start")]
        assert refined == ["one two größe", "two", "größe", "one "]


@pytest.mark.asyncio
async def test_a_selection_that_was_changed_meanwhile_stays_and_the_text_waits() -> None:
    def scene(editor: Neovim) -> None:
        editor.set_text("one two")
        editor.lua("vim.cmd('%Parleq refine')")
        editor.keys("x")
        editor.lua(STOP)
        editor.until(IDLE, "the text has come")
        assert editor.text() == "ne two"
        assert "changed meanwhile" in editor.messages()[0]

    async with played(scene) as daemon:
        assert receipts(daemon) == {"s1": "failed"}


@pytest.mark.parametrize(
    ("lua", "why"),
    [("vim.cmd('new | bwipeout! #')", "gone"), ("vim.bo.modifiable = false", "cannot be changed")],
)
@pytest.mark.asyncio
async def test_a_buffer_that_takes_no_text_any_more_loses_none(lua: str, why: str) -> None:
    def scene(editor: Neovim) -> None:
        editor.lua(START)
        editor.lua(lua)
        editor.lua(STOP)
        editor.until(IDLE, "the text has come")
        assert why in editor.messages()[0]
        assert ":Parleq last" in editor.messages()[0]

    async with played(scene) as daemon:
        assert receipts(daemon) == {"s1": "failed"}


@pytest.mark.asyncio
async def test_nothing_is_recorded_for_a_buffer_that_cannot_be_changed() -> None:
    def scene(editor: Neovim) -> None:
        editor.lua("vim.bo.modifiable = false")
        editor.lua(START)
        assert "cannot be changed" in editor.messages()[0]

    async with played(scene) as daemon:
        assert daemon.asked("session/start") == []


@pytest.mark.asyncio
async def test_a_readonly_file_and_a_huge_one_take_it() -> None:
    def scene(editor: Neovim) -> None:
        editor.lua("local lines = {} for n = 1, 300000 do lines[n] = 'line ' .. n end _G.lines = lines")
        editor.lua("vim.api.nvim_buf_set_lines(0, 0, -1, false, lines) vim.bo.readonly = true")
        editor.keys("150000gg0")
        dictate(editor)
        assert editor.lua("return vim.fn.getline(150000)") == "Hello world.1line 150000"

    async with played(scene) as daemon:
        assert receipts(daemon) == {"s1": "verified"}


@pytest.mark.asyncio
async def test_a_terminal_gets_one_line_without_an_end_and_its_program_may_be_gone() -> None:
    count = iter(("s1", "s2"))

    async def start(_: Peer, params: Object) -> Object:
        return {"session_id": next(count)}

    async def result(_: Peer, params: Object) -> Object:
        return {**RESULT, "session_id": params["session_id"], "text": "one\ntwo \n"}

    def scene(editor: Neovim) -> None:
        editor.lua("vim.cmd('terminal cat') vim.cmd('startinsert')")
        editor.lua(START)
        editor.until_holds(lambda: editor.text().startswith("one two "), "the terminal shows it")
        assert editor.text().count("two") == 1, "cat has had no line yet"
        editor.until(IDLE, "that is settled")
        editor.lua("vim.fn.jobstop(vim.bo.channel) vim.fn.jobwait({vim.bo.channel})")
        editor.lua(START)
        editor.until("return #messages > 0", "it is told")
        assert "has ended" in editor.messages()[0]

    async with played(scene, {"session/start": start, "session/result": result}) as daemon:
        assert daemon.asked("session/start")[0]["context"] == {"app": "terminal", "file_type": ""}
        assert receipts(daemon) == {"s1": "sent", "s2": "failed"}
