// SPDX-License-Identifier: Apache-2.0
/** Marks in documents: they stay at their text while that is edited around them. */

import * as vscode from "vscode";

import { followed, found, type Gravity, REACH, type Stretch, type Surroundings, torn } from "./following";

/** `offset` is where the mark is now. One in a document that was closed is lost, even when it is opened again. */
export class Mark {
  private surroundings: Surroundings;

  constructor(
    readonly document: vscode.TextDocument,
    public offset: number,
    public gravity: Gravity,
  ) {
    this.surroundings = this.look();
  }

  get position(): vscode.Position {
    return this.document.positionAt(this.offset);
  }

  /** A document that is read again, formatted, or gets other line ends is replaced whole: then the text around tells. */
  follow(changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    let brought: Stretch | undefined; // what has come in the place of the text around
    for (const change of changes) {
      const { rangeOffset: start, text } = change;
      if (torn(this.offset, change)) brought = [start, start + text.length];
      else if (brought) brought = [followed(brought[0], change, "behind"), followed(brought[1], change, "behind")];
      this.offset = followed(this.offset, change, this.gravity);
    }
    if (brought) this.find(brought);
    this.surroundings = this.look();
  }

  private find([from, to]: Stretch): void {
    const { document } = this;
    const whole = document.getText();
    const [first, last, near] = [from, to, this.offset].map((at) => plain(whole.slice(0, at)).length) as [number, number, number];
    const text = plain(whole);
    const at = found(text, this.surroundings, [first, last], near);
    if (at === undefined) return;
    const crlf = document.eol === vscode.EndOfLine.CRLF;
    this.offset = crlf ? text.slice(0, at).replaceAll("\n", "\r\n").length : at;
  }

  private look(): Surroundings {
    const { document, offset, position } = this;
    const [from, to] = [document.positionAt(Math.max(0, offset - REACH)), document.positionAt(offset + REACH)];
    const [before, behind] = [new vscode.Range(from, position), new vscode.Range(position, to)];
    return { before: plain(document.getText(before)), behind: plain(document.getText(behind)) };
  }
}

export class Marks {
  private readonly marks = new Set<Mark>();
  private readonly listening = vscode.workspace.onDidChangeTextDocument((event) => this.follow(event));

  set(document: vscode.TextDocument, position: vscode.Position, gravity: Gravity = "before"): Mark {
    const mark = new Mark(document, document.offsetAt(position), gravity);
    this.marks.add(mark);
    return mark;
  }

  remove(mark: Mark): void {
    this.marks.delete(mark);
  }

  /** Edits at `mark`; the marks that were set later, at the same offset, are behind what is inserted there. */
  async editing(mark: Mark, edit: () => Thenable<boolean>): Promise<boolean> {
    const all = [...this.marks];
    const later = all
      .slice(all.indexOf(mark) + 1)
      .filter((other) => other.document === mark.document && other.gravity === "before");
    for (const other of later) other.gravity = "behind";
    try {
      return await edit();
    } finally {
      for (const other of later) other.gravity = "before";
    }
  }

  dispose(): void {
    this.listening.dispose();
    this.marks.clear();
  }

  private follow(event: vscode.TextDocumentChangeEvent): void {
    for (const mark of this.marks) {
      if (mark.document === event.document) mark.follow(event.contentChanges);
    }
  }
}

function plain(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
