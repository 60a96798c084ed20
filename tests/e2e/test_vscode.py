"""The VS Code client: compiled strictly, tested by Node.js, packaged; then in a real window, with a real daemon."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.e2e.programs import eventually
from tests.e2e.recordings import words
from tests.editors import SPOKEN_WORDS, EditorDesk, editor_desk
from tests.parts import ROOT, need, scale
from tests.peers.code_server import Window, vscode_window

CLIENT = ROOT / "clients" / "vscode"
SHELL = ': > "$HOME/../window/ready"; read -r line; printf "%s\\n" "$line" > "$HOME/../window/line"; cat'
SHIPPED = {"package.json", "readme.md", "changelog.md", "LICENSE.txt", "ThirdPartyNotices.txt", "dist/extension.js"}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the client, with what it is built with: nothing is built in the checkout."""
    tools = need("vscode").parents[1]
    folder = tmp_path_factory.mktemp("vscode") / "client"
    shutil.copytree(
        CLIENT, folder, ignore=shutil.ignore_patterns("node_modules", "dist", "out", "*.vsix"), symlinks=True
    )
    (folder / "node_modules").symlink_to(tools)
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE")
    return folder


@pytest.fixture(scope="module")
def package(workshop: Path) -> Path:
    """The .vsix that people install."""
    run(workshop, "package")
    return workshop / "parleq.vsix"


@pytest.mark.timeout(120)
def test_it_compiles_strictly_and_its_own_tests_pass(workshop: Path) -> None:
    passed = run(workshop, "test")
    assert "# fail 0" in passed
    assert "# pass 0" not in passed


@pytest.mark.timeout(60)
def test_the_package_holds_the_bundle_and_nothing_of_the_workshop(package: Path) -> None:
    with ZipFile(package) as archive:
        held = {name.removeprefix("extension/") for name in archive.namelist() if name.startswith("extension/")}
        bundle = archive.read("extension/dist/extension.js").decode()
        notices = archive.read("extension/ThirdPartyNotices.txt").decode()
    assert held == SHIPPED
    assert str(ROOT) not in bundle
    others = set(re.findall(r"^// node_modules/((?:@[^/\n]+/)?[^/\n]+)/", bundle, re.MULTILINE))
    assert others
    for name in others:
        (licence,) = (need("vscode").parents[1] / name).glob("[Ll][Ii][Cc][Ee][Nn][SsCc][Ee]*")
        assert " ".join(licence.read_text().split()) in " ".join(notices.split()), f"no notice of {name}"


def test_commands_and_settings_are_those_of_the_page() -> None:
    page = (CLIENT / "README.md").read_text()
    contributes = json.loads((CLIENT / "package.json").read_text())["contributes"]
    named = [command["command"] for command in contributes["commands"]] + list(
        contributes["configuration"]["properties"]
    )
    assert [name for name in named if f"`{name}`" not in page] == []


def run(workshop: Path, script: str) -> str:
    """Runs a script of the client's package.json; its output."""
    need("node")
    done = subprocess.run(
        [need("npm"), "run", "--silent", script], cwd=workshop, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# In a real window: every scenario begins with "before after" in a new document, the cursor between the two


@pytest.mark.alone
@pytest.mark.timeout(scale(300, 9000))
def test_dictations_in_a_real_window(package: Path, tmp_path: Path) -> None:
    home = tmp_path / "window"
    home.mkdir()
    with editor_desk(tmp_path) as desk, vscode_window(home, package, desk.environment) as window:
        for _ in range(scale(1, 50)):
            the_text_comes_to_where_the_dictation_began(desk, window)
            a_cancelled_one_leaves_no_trace(desk, window)
            a_daemon_that_dies_and_comes_back_brings_the_text_once(desk, window)
            after_a_restart_of_both_the_text_is_offered(desk, window)
        it_comes_to_a_document_that_is_hidden(desk, window)
        it_is_offered_where_the_document_cannot_be_changed(desk, window)
        it_comes_to_a_cell_of_a_notebook(desk, window)
        it_comes_to_a_terminal_and_nothing_is_carried_out(desk, window)
    assert_no_text_in_logs(home)


def the_text_comes_to_where_the_dictation_began(desk: EditorDesk, window: Window) -> None:
    open_document(window)
    with dictating(desk, window):
        edit(window, 0, "Well, ")
        select(window, 3)
    desk.wait_settled()
    text = desk.last_text(at_least=1)
    assert document(window) == f"Well, before {text}after"
    window.host("await vscode.commands.executeCommand('undo')")
    assert document(window) == "Well, before after"
    assert window.decorations() == []
    close(window)


def a_cancelled_one_leaves_no_trace(desk: EditorDesk, window: Window) -> None:
    open_document(window)
    with dictating(desk, window, end="parleq.cancel"):
        pass
    desk.wait_settled()
    eventually(lambda: window.decorations() == [], "what was heard is gone")
    assert document(window) == "before after"
    window.host("await vscode.commands.executeCommand('undo')")
    assert document(window) in ("before after", "")  # what came before the dictation is taken back, if anything
    close(window)


def a_daemon_that_dies_and_comes_back_brings_the_text_once(desk: EditorDesk, window: Window) -> None:
    open_document(window)
    with dictating(desk, window, end=None):
        pass
    desk.daemon.crash()
    eventually(lambda: told(window, "what was said is kept"), "it is told")
    edit(window, 0, "Well, ")
    desk.daemon.start_again()
    eventually(lambda: document(window) != "Well, before after", "the text comes")
    desk.wait_settled()
    assert document(window) == f"Well, before {desk.last_text(at_least=1)}after"
    window.host("await vscode.commands.executeCommand('undo')")
    assert document(window) == "Well, before after"
    close(window)


def after_a_restart_of_both_the_text_is_offered(desk: EditorDesk, window: Window) -> None:
    open_document(window)
    with dictating(desk, window, end=None):
        pass
    desk.daemon.crash()
    window.open_anew()
    desk.daemon.start_again()
    eventually(lambda: told(window, "waits"), "the text is offered")
    open_document(window)
    desk.wait_pending()
    assert document(window) == "before after"
    window.click("Insert at Cursor")
    desk.wait_settled()
    assert document(window) == f"before {desk.last_text(at_least=1)}after"
    close(window)


# The last recording is recognised again: the same way of the text, and nobody has to speak


def it_comes_to_a_document_that_is_hidden(desk: EditorDesk, window: Window) -> None:
    open_document(window)
    window.host("kept.hidden = vscode.window.activeTextEditor.document")
    window.command("parleq.recover")
    open_document(window)
    desk.wait_settled()
    assert window.host("return kept.hidden.getText()") == f"before {desk.last_text(at_least=1)}after"
    assert document(window) == "before after"
    close(window)
    close(window)


def it_is_offered_where_the_document_cannot_be_changed(desk: EditorDesk, window: Window) -> None:
    window.host("""
        const provideTextDocumentContent = () => "before after"
        vscode.workspace.registerTextDocumentContentProvider("fixed", { provideTextDocumentContent })
        const document = await vscode.workspace.openTextDocument(vscode.Uri.parse("fixed:/page.txt"))
        await vscode.window.showTextDocument(document)
    """)
    window.command("parleq.recover")
    eventually(lambda: told(window, "page.txt is read-only"), "it is told")
    desk.wait_pending()
    assert document(window) == "before after"
    window.click("Copy")
    desk.wait_settled()
    eventually(lambda: clipboard(window) == desk.last_text(at_least=1), "it is in the clipboard")
    close(window)


def it_comes_to_a_cell_of_a_notebook(desk: EditorDesk, window: Window) -> None:
    window.host("""
        const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, "before after", "python")
        kept.notebook = await vscode.workspace.openNotebookDocument("jupyter-notebook", new vscode.NotebookData([cell]))
        await vscode.window.showNotebookDocument(kept.notebook)
        await vscode.commands.executeCommand("notebook.cell.edit")
    """)
    edited = "return vscode.window.activeTextEditor?.document.uri.scheme === 'vscode-notebook-cell'"
    eventually(lambda: window.host(edited), "the cell is edited")
    select(window, 7)
    window.command("parleq.recover")
    desk.wait_settled()
    cell = window.host("return kept.notebook.cellAt(0).document.getText()")
    assert cell == f"before {desk.last_text(at_least=1)}after"
    close(window)


def it_comes_to_a_terminal_and_nothing_is_carried_out(desk: EditorDesk, window: Window) -> None:
    window.host(f"""
        const shellArgs = ["-c", {json.dumps(SHELL)}]
        kept.terminal = vscode.window.createTerminal({{ name: "t", shellPath: "/bin/sh", shellArgs }})
        kept.terminal.show()
        await kept.terminal.processId
    """)
    eventually((window.home / "ready").exists, "the shell reads")
    window.host("await vscode.commands.executeCommand('parleq.recover', { into: 'terminal' })")
    desk.wait_settled()
    window.host("kept.terminal.sendText('', true)")
    line = window.home / "line"
    eventually(lambda: line.exists() and line.read_text().endswith("\n"), "the line is there")
    assert line.read_text() == desk.last_text(at_least=1) + "\n"


@contextmanager
def dictating(desk: EditorDesk, window: Window, end: str | None = "parleq.stop") -> Iterator[None]:
    """Somebody speaks until words are to be seen; then the block runs, and ``end`` ends it."""
    window.command("parleq.start")
    desk.wait_listening()
    with desk.speaking():
        eventually(lambda: SPOKEN_WORDS & set(words(" ".join(window.decorations()))), "what is heard is shown")
        yield
    if end is not None:
        window.command(end)


def open_document(window: Window) -> None:
    window.host("""
        const document = await vscode.workspace.openTextDocument({ content: "before after" })
        await vscode.window.showTextDocument(document)
    """)
    select(window, 7)


def document(window: Window) -> str:
    return str(window.host("return vscode.window.activeTextEditor.document.getText()"))


def select(window: Window, offset: int) -> None:
    window.host(f"""
        const editor = vscode.window.activeTextEditor
        const at = editor.document.positionAt({offset})
        editor.selection = new vscode.Selection(at, at)
    """)


def edit(window: Window, offset: int, text: str) -> None:
    window.host(f"""
        const editor = vscode.window.activeTextEditor
        await editor.edit(edit => edit.insert(editor.document.positionAt({offset}), {json.dumps(text)}))
    """)


def close(window: Window) -> None:
    window.command("workbench.action.revertAndCloseActiveEditor")
    window.command("notifications.clearAll")


def told(window: Window, part: str) -> bool:
    return any(part in toast for toast in window.toasts())


def clipboard(window: Window) -> str:
    return str(window.host("return await vscode.env.clipboard.readText()"))


def assert_no_text_in_logs(home: Path) -> None:
    """Nothing that was dictated is in what the extension, or VS Code, has written."""
    logs = [path for path in home.rglob("*.log") if path.is_file()]
    assert any(path.name == "parleq.log" for path in logs)
    for path in logs:
        assert not SPOKEN_WORDS & set(words(path.read_text(errors="replace"))), path
