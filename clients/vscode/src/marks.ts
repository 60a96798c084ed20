// SPDX-License-Identifier: Apache-2.0
/** Marks in documents: they stay at their text while that is edited around them. */

import * as vscode from "vscode";

import { followed, type Gravity } from "./following";

/** `offset` is where the mark is now. One in a document that was closed is lost, even when it is opened again. */
export class Mark {
  constructor(
    readonly document: vscode.TextDocument,
    public offset: number,
    public gravity: Gravity,
  ) {}

  get position(): vscode.Position {
    return this.document.positionAt(this.offset);
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
      if (mark.document !== event.document) continue;
      for (const change of event.contentChanges) mark.offset = followed(mark.offset, change, mark.gravity);
    }
  }
}
