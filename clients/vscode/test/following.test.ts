// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";

import { followed, found, torn } from "../src/following";

const cases: [what: string, offset: number, start: number, length: number, text: string, expected: number][] = [
  ["an insertion before it moves it", 7, 0, 0, "Well, ", 13],
  ["a deletion before it moves it back", 7, 0, 3, "", 4],
  ["an edit behind it does not", 7, 8, 2, "x", 7],
  ["a word replaced up to it moves it", 7, 3, 4, "longer", 9],
  ["a word replaced from it on does not", 7, 7, 5, "x", 7],
  ["within a text that is replaced it stays where it is", 7, 0, 12, "BEFORE AFTER", 7],
  ["or at the end of what is shorter", 7, 0, 12, "x", 1],
];
for (const [what, offset, rangeOffset, rangeLength, text, expected] of cases) {
  test(what, () => {
    assert.equal(followed(offset, { rangeOffset, rangeLength, text }, "before"), expected);
  });
}

test("what is inserted right at it comes behind it, or pushes it along", () => {
  const change = { rangeOffset: 7, rangeLength: 0, text: "new " };
  assert.equal(followed(7, change, "before"), 7);
  assert.equal(followed(7, change, "behind"), 11);
});

test("only what replaces the text around it tears it off", () => {
  for (const [start, length, expected] of [[0, 12, true], [6, 2, true], [7, 5, false], [0, 7, false]] as const) {
    assert.equal(torn(7, { rangeOffset: start, rangeLength: length, text: "" }), expected);
  }
});

test("a place is found again by what stood around it, within what was brought", () => {
  const around = { before: "a first line\nthe second ", behind: "line\na third line\n" };
  const text = "something new\na first line\nthe second line\na third line\nand an end\n";
  const place = text.indexOf("line\na third");
  assert.equal(found(text, around, [0, text.length], 24), place);
  assert.equal(found(text.replace("third", "last"), around, [0, text.length], 24), place);
  assert.equal(found(text.replace("first", "1st").replace("second", "2nd"), around, [0, text.length], 0), place - 5);
  assert.equal(found(text, around, [0, 20], 0), undefined);
  assert.equal(found("nothing of that", around, [0, 15], 3), undefined);
  assert.equal(found("line two\nline two\n", { before: "line two\n", behind: "" }, [0, 18], 17), 18);
});
