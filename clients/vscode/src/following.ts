// SPDX-License-Identifier: Apache-2.0
/** Where an offset in a text is after that text was edited: no editor is needed to know that. */

/** One replacement: `rangeLength` characters at `rangeOffset` became `text`. */
export interface Change {
  rangeOffset: number;
  rangeLength: number;
  text: string;
}

/** `before`: a text inserted right at the offset comes behind it; `behind`: it pushes the offset along. */
export type Gravity = "before" | "behind";

/** The offset after one change. Within a text that was replaced it stays where it is, or goes to the new text's end. */
export function followed(offset: number, change: Change, gravity: Gravity): number {
  const { rangeOffset: start, rangeLength, text } = change;
  const end = start + rangeLength;
  if (start === offset && rangeLength === 0) return gravity === "behind" ? offset + text.length : offset;
  if (start >= offset) return offset;
  if (end <= offset) return offset + text.length - rangeLength;
  return Math.min(offset, start + text.length);
}
