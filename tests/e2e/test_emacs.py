"""The Emacs client in the real Emacs: dictations that are spoken to a real daemon, and what package authors check."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.core.text import instant
from tests.e2e.emacs import CANCEL, CLIENT, DICTATE, LAST, TO_BEGINNING, UNDO, Emacs, batch, emacs_at, needs
from tests.e2e.programs import eventually
from tests.editors import EditorDesk, editor_desk
from tests.fakes.client import Client
from tests.fakes.engine import SECOND
from tests.fakes.microphone import FakeMicrophone
from tests.integration.daemon import Daemon, running_daemon
from tests.parts import REQUIRED, give_up, listed, need, scale
from tests.x_desktop import aside

pytestmark = pytest.mark.timeout(120)

RUNS = scale(2, 50)
TOO_NEW_FOR_THE_LINTER = "This makes the package uninstallable in all released Emacs versions."
"""Debian's package-lint is of the time before Emacs 28, and warns of every later one."""


# The package


def test_it_compiles_without_a_warning(tmp_path: Path) -> None:
    need("emacs")
    shutil.copy(CLIENT / "parleq.el", tmp_path)
    done = batch(
        "--eval",
        "(setq byte-compile-error-on-warn t)",
        "-f",
        "batch-byte-compile",
        str(tmp_path / "parleq.el"),
        home=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "parleq.elc").exists()
    assert "arning" not in done.stderr


def test_its_documentation_is_in_order(tmp_path: Path) -> None:
    need("emacs")
    done = batch("--eval", f'(checkdoc-file "{CLIENT / "parleq.el"}")', home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr


def test_package_lint_finds_nothing(tmp_path: Path) -> None:
    need("package-lint")
    there = batch("--eval", '(kill-emacs (if (locate-library "package-lint") 0 1))', home=tmp_path, site=True)
    if there.returncode:
        give_up("package-lint", listed()["package-lint"], REQUIRED)
    program = ["-l", "package-lint", "-f", "package-lint-batch-and-exit", str(CLIENT / "parleq.el")]
    done = batch(*program, home=tmp_path, site=True)
    findings = [line for line in (done.stdout + done.stderr).splitlines() if re.match(r"\S+:\d+:\d+: ", line)]
    assert [line for line in findings if TOO_NEW_FOR_THE_LINTER not in line] == []


def test_against_a_scripted_daemon(tmp_path: Path) -> None:
    """Odd buffers, odd moments, odd daemons: clients/emacs/test."""
    need("emacs")
    tests = ("-L", str(CLIENT), "-L", str(CLIENT / "test"), "-l", "parleq-test")
    done = batch(*tests, "-f", "ert-run-tests-batch-and-exit", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.search(r"Ran (\d+) tests, \1 results as expected, 0 unexpected", done.stderr)


# A real Emacs, and a daemon that hears what a test lets it hear


@asynccontextmanager
async def dictating(*texts: str) -> AsyncIterator[tuple[Daemon, FakeMicrophone]]:
    needs()
    microphone = FakeMicrophone(SECOND, SECOND)
    async with running_daemon(microphone=microphone, recognisers=ScriptedFactory(texts)) as daemon:
        yield daemon, microphone


async def pending(client: Client) -> list[dict[str, Any]]:
    """What waits, whosever it is."""
    return list((await client.call("session/pending", all=True))["sessions"])


def dictated(emacs: Emacs) -> None:
    """One dictation by keys, from its start to its end."""
    emacs.type(DICTATE)
    eventually(lambda: emacs.state() == "Parleq:rec", "it is recorded")
    emacs.type(DICTATE)
    eventually(lambda: emacs.state() == "Parleq", "it is over")


def take_turns(socket: Path, first: str, second: str) -> None:
    """Dictates into two buffers, the first of which is read-only by then."""
    with emacs_at({"PARLEQ_SOCKET": str(socket)}) as emacs:
        emacs.edit("one", "<>", 2)
        emacs.type(DICTATE)
        eventually(lambda: emacs.state() == "Parleq:rec", "it is recorded")
        emacs.ask('(with-current-buffer "one" (setq buffer-read-only t))')
        emacs.type(DICTATE)
        eventually(lambda: "one is read-only; the text waits" in emacs.said(), "it is said")
        assert emacs.text() == "<>"
        emacs.edit("two", "()", 2)
        dictated(emacs)
        assert emacs.text() == f"({second})"
        emacs.type(LAST)
        eventually(lambda: emacs.text() == f"({second}{first})", "the text that waited is at point")
        eventually(lambda: emacs.ask("parleq--unacknowledged") is None, "the daemon knows")
        assert first not in emacs.said()


@pytest.mark.asyncio
async def test_a_text_that_had_no_place_waits_for_the_users_act() -> None:
    async with dictating("hello there", "second one") as (daemon, _):
        await aside(take_turns, daemon.path, instant.clean("hello there").text, instant.clean("second one").text)
        async with daemon.client("looker") as client:
            assert await pending(client) == []


def dies_while_it_dictates(socket: Path) -> None:
    with emacs_at({"PARLEQ_SOCKET": str(socket)}) as emacs:
        emacs.edit("one", "", 1)
        emacs.type(DICTATE)
        eventually(lambda: emacs.state() == "Parleq:rec", "it is recorded")
        emacs.kill()


def takes_over(socket: Path, text: str) -> None:
    with emacs_at({"PARLEQ_SOCKET": str(socket)}) as emacs:
        emacs.edit("two", "<>", 2)
        eventually(lambda: "a dictated text waits" in emacs.said(), "it is offered")
        assert emacs.text() == "<>"
        emacs.type(LAST)
        eventually(lambda: emacs.text() == f"<{text}>", "the other's text is at point")
        eventually(lambda: emacs.ask("parleq--unacknowledged") is None, "the daemon knows")


@pytest.mark.asyncio
async def test_what_an_emacs_left_that_died_another_one_takes() -> None:
    async with dictating("hello there") as (daemon, microphone):
        await aside(dies_while_it_dictates, daemon.path)
        await microphone.until_closed()
        async with daemon.client("looker") as client:
            while not await pending(client):  # noqa: ASYNC110 - there is no event
                await anyio.sleep(0.02)
            await aside(takes_over, daemon.path, instant.clean("hello there").text)
            assert await pending(client) == []


# A real Emacs, a real daemon, a real model, and somebody who speaks


def begin(desk: EditorDesk, emacs: Emacs, name: str) -> None:
    """Begin a dictation in the middle of a new buffer; returns when words of it are shown there."""
    emacs.edit(name, "before  after", 8)
    emacs.type(DICTATE)
    desk.wait_listening()
    desk.speak()
    eventually(lambda: emacs.partial(), "words are shown while one speaks")
    assert emacs.text() == "before  after"


def dictate(desk: EditorDesk, emacs: Emacs) -> None:
    """The text comes where the dictation began, as one undo step."""
    begin(desk, emacs, "dictated")
    partial = emacs.partial().split()[0]
    eventually(lambda: partial in emacs.screen(), "they are on the screen")
    emacs.type(TO_BEGINNING + b"Long ")
    emacs.type(DICTATE)
    desk.wait_settled()
    text = desk.last_text()
    assert emacs.text() == f"Long before {text} after"
    assert emacs.shown() == ""
    emacs.type(UNDO)
    eventually(lambda: emacs.text() == "Long before  after", "one undo takes it away, and nothing else")


def cancel(desk: EditorDesk, emacs: Emacs) -> None:
    """No trace is left."""
    begin(desk, emacs, "cancelled")
    emacs.type(CANCEL)
    desk.wait_settled()
    eventually(lambda: emacs.state() == "Parleq", "nothing is under way")
    assert (emacs.text(), emacs.shown()) == ("before  after", "")
    assert emacs.untouched()


def survive(desk: EditorDesk, emacs: Emacs) -> None:
    """The daemon is killed while it hears; the next one's text is inserted once."""
    begin(desk, emacs, "survived")
    desk.daemon.crash()
    eventually(lambda: emacs.state() == "Parleq:lost", "the loss is noticed")
    assert "start it with `parleqd'" in emacs.said().replace("‘", "`").replace("’", "'")
    desk.daemon.start_again()
    eventually(lambda: emacs.state() == "Parleq", "the text has come")
    desk.wait_settled()
    assert emacs.text() == f"before {desk.last_text()} after"


def offer(desk: EditorDesk) -> None:
    """Both are killed: the text is offered to the next Emacs, and comes by the user's act alone."""
    with emacs_at(desk.environment) as emacs:
        begin(desk, emacs, "lost")
        emacs.kill()
        desk.daemon.crash()
    desk.daemon.start_again()
    with emacs_at(desk.environment) as emacs:
        emacs.edit("found", "<>", 2)
        eventually(lambda: "a dictated text waits" in emacs.said(), "it is offered")
        desk.wait_pending()
        assert emacs.text() == "<>"
        emacs.type(LAST)
        desk.wait_settled()
        assert emacs.text() == f"<{desk.last_text()}>"


@pytest.mark.alone
@pytest.mark.timeout(300 + RUNS * 240)
def test_spoken_texts_arrive_once_and_where_they_belong(tmp_path: Path) -> None:
    needs()
    with editor_desk(tmp_path) as desk:
        for _ in range(RUNS):
            with emacs_at(desk.environment) as emacs:
                dictate(desk, emacs)
                cancel(desk, emacs)
                survive(desk, emacs)
            offer(desk)
