// SPDX-License-Identifier: Apache-2.0
import { Document, Editor, seen, show, Terminal, vscode } from "./stand_in";

import assert from "node:assert/strict";
import { test } from "node:test";

import { until } from "./until";
import { inWindow } from "./window";

function editor(text = "before after", at = 7, end = at): Editor {
  const one = new Editor(new Document(text), at, end);
  show(one);
  return one;
}

test("the text comes to where the dictation began, as one step of undo, and is acknowledged", () =>
  inWindow(async (window) => {
    const one = editor();
    const session = await window.dictate();
    const begun = { source: "microphone", deliver: "return", on_disconnect: "stop" };
    assert.deepEqual(window.daemon.of("session/start"), [{ ...begun, context: { app: "code", file_type: "md" } }]);
    assert.deepEqual(seen.contexts["parleq.recording"], true);
    one.document.change(0, 0, "Well, ");
    one.selection = new Editor(one.document, 2).selection;
    await window.command("stop");
    await window.daemon.called("session/stop");
    window.daemon.finish(session, "some words ");
    const { receipt } = await window.daemon.called("session/acknowledge");
    assert.deepEqual(receipt, { status: "verified", detail: "" });
    assert.equal(one.document.text, "Well, before some words after");
    assert.deepEqual(one.stops, [{ undoStopBefore: true, undoStopAfter: true }]);
    await until(() => !window.begun.length, "it is forgotten");
    assert.equal(seen.contexts["parleq.busy"], false);
    assert.ok(!seen.log.join().includes("words"));
  }));

test("what is heard is shown at the mark in two colours, and taken away", () =>
  inWindow(async (window) => {
    const one = editor();
    const session = await window.dictate();
    assert.equal(one.decorations, "| ● ");
    window.daemon.tell("session/partial", { session_id: session, stable: "some ", provisional: "worse" });
    await until(() => one.decorations === "some |worse", "it is shown");
    await window.command("toggle");
    window.daemon.finish(session, "some words");
    await window.daemon.called("session/acknowledge");
    assert.equal(one.decorations, "");
  }));

test("cancelling leaves no trace", () =>
  inWindow(async (window) => {
    const one = editor();
    const session = await window.dictate();
    await window.command("cancel");
    assert.deepEqual(window.daemon.of("session/cancel"), [{ session_id: session }]);
    window.daemon.finish(session, "some words"); // too late: it is not wanted any more
    await until(() => seen.contexts["parleq.busy"] === false, "it is over");
    assert.equal(one.document.text, "before after");
    assert.equal(one.decorations, "");
    assert.deepEqual(window.daemon.of("session/acknowledge"), []);
  }));

test("two dictations at one place keep their order, also while somebody types", () =>
  inWindow(async (window) => {
    const one = editor();
    const first = await window.dictate();
    await window.command("stop");
    const second = await window.dictate();
    await window.command("stop");
    one.document.conflicts = 2;
    window.daemon.finish(first, "one ");
    await window.daemon.called("session/acknowledge");
    window.daemon.finish(second, "two ");
    await window.daemon.called("session/acknowledge", 2);
    assert.equal(one.document.text, "before one two after");
  }));

test("a daemon that dies in the middle brings the text when it is back, once", () =>
  inWindow(async (window) => {
    const one = editor();
    const session = await window.dictate();
    await window.daemon.stop();
    await window.told("what was said is kept");
    one.document.change(0, 7, "");
    window.daemon.finish(session, "some words ");
    await window.daemon.start();
    await window.daemon.called("session/acknowledge");
    assert.equal(one.document.text, "some words after");
    const instances = window.daemon.of("initialize").map((params) => (params["client"] as { instance: string }).instance);
    assert.equal(instances.length, 2);
    assert.equal(new Set(instances).size, 1);
  }));

test("trying to dictate while the daemon is gone does not keep the text from coming", () =>
  inWindow(async (window) => {
    const one = editor();
    const session = await window.dictate();
    await window.daemon.stop();
    await window.told("what was said is kept");
    await window.command("toggle");
    await window.told("there is no such socket");
    window.daemon.finish(session, "some words ");
    await window.daemon.start();
    await window.daemon.called("session/acknowledge");
    assert.equal(one.document.text, "before some words after");
  }));

test("a daemon of another protocol that comes back is told of, and the text waits for one of ours", () =>
  inWindow(async (window) => {
    const one = editor();
    const session = await window.dictate();
    await window.daemon.stop();
    window.daemon.protocol = 2;
    await window.daemon.start();
    await window.told("and this extension 1 (install both from one release; what was said is kept");
    window.daemon.protocol = 1;
    window.daemon.finish(session, "some words ");
    await window.command("start");
    await window.daemon.called("session/acknowledge");
    assert.equal(one.document.text, "before some words after");
  }));

test("a dictation can be given up while the daemon is gone", () =>
  inWindow(async (window) => {
    const one = editor();
    const session = await window.dictate();
    await window.daemon.stop();
    await window.told("what was said is kept");
    await window.command("cancel");
    assert.equal(seen.contexts["parleq.busy"], false);
    assert.deepEqual(window.begun, []);
    window.daemon.finish(session, "some words ");
    window.daemon.own = [{ session_id: session, state: "ready", deliver: "return", started: 1, audio_seconds: 3 }];
    await window.daemon.start();
    assert.deepEqual(await window.daemon.called("session/cancel"), { session_id: session });
    await until(() => window.daemon.of("session/result").length === 2, "its end is awaited");
    assert.equal(one.document.text, "before after");
    assert.ok(!seen.messages.some((message) => message.includes("waits")));
  }));

test("a text that is in its place is not put there again by a daemon that did not hear of it", () =>
  inWindow(async (window) => {
    const one = editor();
    const session = await window.dictate();
    const edit = one.edit.bind(one);
    one.edit = async (build, stops) => {
      const done = await edit(build, stops);
      await window.daemon.stop();
      return done;
    };
    window.daemon.finish(session, "some words ");
    await until(() => one.document.text.includes("words"), "it is there");
    const waits = { session_id: session, state: "maybe_delivered", deliver: "return", started: 1, audio_seconds: 3 };
    window.daemon.own = [waits];
    await until(() => seen.log.some((line) => line.startsWith("disconnected")), "the connection is lost");
    await window.daemon.start();
    await window.daemon.called("session/acknowledge");
    assert.equal(one.document.text, "before some words after");
    assert.ok(!seen.messages.some((message) => message.includes("waits")));
  }));

test("a document whose editor goes at the moment of the edit gets its text", () =>
  inWindow(async (window) => {
    const one = editor();
    const session = await window.dictate();
    await window.command("stop");
    one.hides = true;
    window.daemon.finish(session, "some words ");
    const { receipt } = await window.daemon.called("session/acknowledge");
    assert.deepEqual(receipt, { status: "verified", detail: "" });
    assert.equal(one.document.text, "before some words after");
  }));

test("a document that is hidden gets its text, one that is closed or read-only does not", () =>
  inWindow(async (window) => {
    const [hidden, closed, fixed] = [editor(), editor(), editor()].map((one) => one.document) as [Document, Document, Document];
    for (const [at, document] of [hidden, closed, fixed].entries()) {
      show(new Editor(document, 7));
      const session = await window.dictate();
      await window.command("stop");
      if (document !== fixed) show();
      closed.isClosed = true;
      fixed.readOnly = true;
      seen.answers = [["could not be inserted", "Copy"]];
      window.daemon.finish(session, `text ${at} `);
      await window.daemon.called("session/acknowledge", at + 1);
    }
    assert.deepEqual([hidden.text, closed.text, fixed.text], ["before text 0 after", "before after", "before after"]);
    assert.equal(seen.clipboard, "text 2 ");
    assert.ok(seen.messages.some((message) => message.includes("notes.md has been closed")));
    assert.ok(seen.messages.some((message) => message.includes("notes.md is read-only")));
    assert.deepEqual(window.daemon.of("session/acknowledge").at(-1)?.["receipt"], { status: "read", detail: "copied" });
  }));

test("a terminal gets one line, and it is not carried out", () =>
  inWindow(async (window) => {
    editor();
    const terminal = new Terminal();
    vscode.window.activeTerminal = terminal;
    vscode.window.terminals = [terminal];
    const session = await window.dictate("toggle", { into: "terminal" });
    window.daemon.finish(session, "list\nfiles");
    const { receipt } = await window.daemon.called("session/acknowledge");
    assert.deepEqual(terminal.sent, [["list files", false]]);
    assert.deepEqual(receipt, { status: "sent", detail: "" });
  }));

test("a text that another extension changes at once is there, and not offered again", () =>
  inWindow(async (window) => {
    const one = editor();
    one.document.meddled = true;
    window.daemon.finish(await window.dictate(), "some words ");
    const { receipt } = await window.daemon.called("session/acknowledge");
    assert.deepEqual(receipt, { status: "sent", detail: "" });
    assert.equal(one.document.text, "before SOME WORDS after");
  }));

test("a document that is read again from the disk while one speaks gets the text where it belongs", () =>
  inWindow(async (window) => {
    const one = editor("a heading\nbefore after\nan end\n", 17);
    const session = await window.dictate();
    const text = "---\r\na longer heading\r\nbefore after\r\nanother end\r\n";
    one.document.eol = 2;
    one.document.change(0, one.document.text.length, text);
    window.daemon.finish(session, "some words ");
    await window.daemon.called("session/acknowledge");
    assert.equal(one.document.text, text.replace("after", "some words after"));
  }));

test("a blank follows the text where the settings want one, but not in the place of a selected one", () =>
  inWindow(async (window) => {
    const one = editor("before after", 7);
    window.daemon.finish(await window.dictate(), "some words", { trailing_space: true });
    await window.daemon.called("session/acknowledge");
    assert.equal(one.document.text, "before some words after");
    one.selection = new Editor(one.document, 0, 6).selection;
    window.daemon.finish(await window.dictate("refine"), "behind", { trailing_space: true });
    await window.daemon.called("session/acknowledge", 2);
    assert.equal(one.document.text, "behind some words after");
  }));

test("the daemon is told the language of what is edited, else the end of the file's name", () =>
  inWindow(async (window) => {
    const kinds = [["markdown", "a.md"], ["git-commit", "COMMIT_EDITMSG"], ["python", "a.ipynb"], ["plaintext", "a.xyz"], ["plaintext", "a"]];
    for (const [language, name] of kinds as [string, string][]) {
      const document = new Document("", name);
      document.languageId = language;
      show(new Editor(document));
      window.daemon.finish(await window.dictate(), "");
      await until(() => seen.contexts["parleq.busy"] === false, "it is over");
    }
    const told = window.daemon.of("session/start").map((params) => (params["context"] as { file_type: string }).file_type);
    assert.deepEqual(told, ["markdown", "gitcommit", "python", "xyz", "plaintext"]);
  }));

test("the selected text is changed as was said, unless it has been changed meanwhile", () =>
  inWindow(async (window) => {
    const one = editor("say this now", 4, 8);
    const session = await window.dictate("refine");
    assert.deepEqual(window.daemon.of("session/start").at(-1)?.["refine"], { text: "this" });
    one.document.change(4, 0, "again ");
    window.daemon.finish(session, "that", { baseline: "this" });
    await window.daemon.called("session/acknowledge");
    assert.equal(one.document.text, "say again that now");
    one.selection = new Editor(one.document, 10, 14).selection;
    const other = await window.dictate("refine");
    one.document.change(11, 1, "");
    window.daemon.finish(other, "those", { baseline: "that" });
    await window.told("has been changed meanwhile");
    assert.equal(one.document.text, "say again tat now");
  }));

test("silence is told and changes nothing", () =>
  inWindow(async (window) => {
    const one = editor();
    window.daemon.finish(await window.dictate(), "");
    await window.told("nothing was said (silence)");
    assert.equal(one.document.text, "before after");
  }));

test("what is recognised again is not spoken: another dictation can begin meanwhile", () =>
  inWindow(async (window) => {
    const one = editor();
    await window.command("recover");
    const { session_id: session } = await window.daemon.called("session/result");
    window.daemon.tell("session/state", { session_id: session as string, phase: "recording" });
    const other = await window.dictate();
    window.daemon.finish(session as string, "one ");
    await window.daemon.called("session/acknowledge");
    window.daemon.finish(other, "two ");
    await window.daemon.called("session/acknowledge", 2);
    assert.equal(one.document.text, "before one two after");
  }));
