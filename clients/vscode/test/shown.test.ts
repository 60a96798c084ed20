// SPDX-License-Identifier: Apache-2.0
import "./stand_in";

import assert from "node:assert/strict";
import { test } from "node:test";

import { commandLine } from "../src/daemon";
import { tail } from "../src/decorations";
import { asOneLine } from "../src/terminal_target";

test("of what is heard the end is shown, in one line", () => {
  assert.deepEqual(tail("one\ntwo ", "three"), ["one two ", "three"]);
  assert.deepEqual(tail("one two ", "three", 10), ["…two ", "three"].map((part, at) => (at ? part : "… two ")));
  assert.deepEqual(tail("one ", "two three", 5), ["", "…three"]);
  assert.deepEqual(tail("", "so 👍 good", 6), ["", "… good"]);
});

test("a terminal gets one line, and nothing that it would carry out", () => {
  assert.equal(asOneLine("rm it\r\nnow\u001b[A\u0003 ok"), "rm it now [A  ok");
});

test("the daemon is started for the socket of the settings", () => {
  assert.equal(commandLine("parleqd", ""), "parleqd");
  assert.equal(commandLine("parleqd", "/it's.sock"), "parleqd --socket '/it'\\''s.sock'");
});
