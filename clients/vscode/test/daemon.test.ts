// SPDX-License-Identifier: Apache-2.0
import { Document, Editor, seen, show, Terminal, vscode } from "./stand_in";

import assert from "node:assert/strict";
import { homedir } from "node:os";
import { test } from "node:test";

import { until } from "./until";
import { inWindow, Window } from "./window";

const WAITS = { state: "ready", deliver: "return", started: 1_700_000_000, audio_seconds: 3.4 };

function editor(): Editor {
  const one = new Editor(new Document("before after"), 7);
  show(one);
  return one;
}

test("no daemon: it is told, with the command that starts it", async () => {
  const window = new Window();
  window.open();
  editor();
  seen.answers = [["no parleqd", "Start parleqd"]];
  await window.command("start");
  await window.told("there is no such socket [Start parleqd]");
  const [terminal] = vscode.window.terminals.slice(-1) as Terminal[];
  assert.deepEqual(terminal?.sent, [[`parleqd --socket '${window.daemon.path}'`, true]]);
  assert.deepEqual(terminal?.cwd, { scheme: "file", path: homedir() }); // in a remote window too it is opened here
  await window.daemon.start();
  await window.dictate();
  await window.close();
});

test("a daemon of another protocol: it is said, and nothing is begun", () =>
  inWindow(async (window) => {
    const one = editor();
    window.daemon.protocol = 2;
    await window.command("start");
    await window.told("parleqd speaks protocol 2, and this extension 1 (install both from one release)");
    assert.deepEqual(window.daemon.of("session/start"), []);
    assert.equal(one.decorations, "");
  }));

test("a refusal is told in the daemon's words", () =>
  inWindow(async (window) => {
    editor();
    window.daemon.refused.set("session/start", "microphone_busy");
    await window.command("start");
    await window.told("refused: microphone_busy");
    assert.equal(seen.contexts["parleq.recording"], false);
  }));

test("nothing to dictate into, and nothing selected", () =>
  inWindow(async (window) => {
    await window.command("start");
    await window.told("there is no editor or terminal to dictate into");
    await window.command("refine");
    await window.told("no text is selected");
    assert.deepEqual(window.daemon.calls, []);
  }));

test("what was begun before the window was closed is offered, and inserted only when somebody says so", () =>
  inWindow(
    async (window) => {
      const one = editor();
      seen.answers = [["a dictation of 3 s", "Insert at Cursor"]];
      await window.daemon.called("session/acknowledge");
      assert.equal(one.document.text, "before some words after");
      assert.deepEqual(window.daemon.of("session/claim"), [{ session_id: "mine" }]);
      assert.equal(seen.messages.filter((message) => message.includes("waits")).length, 1);
    },
    { "parleq.begun": { mine: Date.now() / 1000, "too long ago": 1 } },
    (daemon) => {
      daemon.pending = ["mine", "another's"].map((session_id) => ({ ...WAITS, session_id }));
      daemon.finish("mine", "some words ");
    },
  ));

test("a dictation that the daemon still finishes is offered when it is there", () =>
  inWindow(
    async (window) => {
      await window.daemon.called("session/pending");
      window.daemon.pending = [{ ...WAITS, session_id: "mine" }];
      window.daemon.tell("session/final", { session_id: "another's" });
      window.daemon.tell("session/final", { session_id: "mine" });
      await window.told("waits");
      assert.deepEqual(window.daemon.of("session/claim"), []);
    },
    { "parleq.begun": { mine: Date.now() / 1000 } },
  ));

test("the last dictation is shown; one that waits is claimed when it is taken", () =>
  inWindow(async (window) => {
    window.daemon.finish("old", "some words");
    window.daemon.last = { session_id: "old", delivery: "pending", result: { text: "some words" } };
    seen.answers = [["The last dictation", "Copy"]];
    await window.command("last");
    await until(() => seen.clipboard === "some words", "it is copied");
    assert.deepEqual(window.daemon.of("session/claim"), [{ session_id: "old" }]);
    assert.ok(seen.messages.includes("The last dictation, which waits: some words [Insert at Cursor] [Copy]"));
  }));

test("a dictation that nobody heard begin, since the daemon died of it, is offered when its text is there", () =>
  inWindow(async (window) => {
    editor();
    window.daemon.onCall = async (method) => method === "session/start" && (await window.daemon.stop());
    await window.command("start");
    await window.told("parleqd closed the connection");
    await window.daemon.start();
    await window.daemon.called("events/subscribe", 2);
    window.daemon.pending = [{ ...WAITS, session_id: "unheard of" }];
    window.daemon.tell("session/final", { session_id: "unheard of" });
    await window.told("waits");
    assert.deepEqual(window.daemon.of("session/pending").at(-1), {});
  }));

test("what finishes while a dictation is refused is offered all the same", () =>
  inWindow(
    async (window) => {
      editor();
      await window.daemon.called("session/pending");
      window.daemon.pending = [{ ...WAITS, session_id: "mine" }];
      window.daemon.refused.set("session/start", "microphone_busy");
      window.daemon.onCall = (method) =>
        method === "session/start" && window.daemon.tell("session/final", { session_id: "mine" });
      await window.command("start");
      await window.told("waits");
    },
    { "parleq.begun": { mine: Date.now() / 1000 } },
  ));

test("a text that could not be fetched is offered again", () =>
  inWindow(
    async (window) => {
      editor();
      seen.answers = [["a dictation of 3 s", "Insert at Cursor"]];
      await window.told("refused: internal");
      window.daemon.refused.clear();
      window.daemon.finish("mine", "some words ");
      await window.daemon.stop();
      await window.daemon.start();
      await window.daemon.called("session/acknowledge");
    },
    { "parleq.begun": { mine: Date.now() / 1000 } },
    (daemon) => {
      daemon.pending = [{ ...WAITS, session_id: "mine" }];
      daemon.refused.set("session/result", "internal");
    },
  ));
