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

/** Is the offset within what this change replaced, so that only the text around it tells where it belongs? */
export function torn(offset: number, { rangeOffset, rangeLength }: Change): boolean {
  return rangeOffset < offset && offset < rangeOffset + rangeLength;
}

/** What stands before and behind an offset, with plain line feeds. */
export interface Surroundings {
  before: string;
  behind: string;
}

/** So many characters on each side are surroundings; fewer than the least say nothing. */
export const REACH = 256;
const LEAST = 8;

/** Where in a text, from one offset to another. */
export type Stretch = [from: number, to: number];

/** Where those surroundings fit best within a stretch of `text`, which has plain line feeds; if in doubt, near `offset`. */
export function found(text: string, { before, behind }: Surroundings, stretch: Stretch, offset: number): number | undefined {
  for (let reach = REACH; reach >= LEAST; reach /= 2) {
    const [left, right] = [before.slice(-reach), behind.slice(0, reach)];
    for (const [head, rest] of [[left, right], [left, ""], ["", right]] as [string, string][]) {
      if (head.length + rest.length < LEAST) continue;
      const all = occurrences(text, head + rest).map((at) => at + head.length);
      const within = all.filter((at) => stretch[0] <= at && at <= stretch[1]);
      if (within.length) return within.reduce((best, at) => (Math.abs(at - offset) < Math.abs(best - offset) ? at : best));
    }
  }
  return undefined;
}

function occurrences(text: string, part: string): number[] {
  const all = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) all.push(at);
  return all;
}
