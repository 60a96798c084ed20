// SPDX-License-Identifier: Apache-2.0
/** The place of a dictation in a document, in an editor or a cell of a notebook: a mark, or a selected text. */

import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";

import { Heard } from "./decorations";
import type { Mark, Marks } from "./marks";
import type { SessionContext } from "./protocol";
import type { Placed, Target } from "./target";

/** An edit is refused when the document changes while it is under way; then it is made anew, a moment later. */
const ATTEMPTS = 20;
const PAUSE_MS = 50;
/** What can be changed and is no file system's. */
const OWN_SCHEMES = ["untitled", "vscode-notebook-cell"];

export class EditorTarget implements Target {
  readonly context: SessionContext;
  readonly baseline?: string;
  private readonly document: vscode.TextDocument;
  private readonly start: Mark;
  private readonly end: Mark;
  private heard: Heard | undefined;

  /** `refine`: the selected text is what will be changed; else the text goes to the cursor. */
  constructor(
    editor: vscode.TextEditor,
    private readonly marks: Marks,
    private readonly partials: boolean,
    refine = false,
  ) {
    this.document = editor.document;
    this.context = contextOf(editor.document);
    if (refine) {
      this.baseline = editor.document.getText(editor.selection);
      this.start = marks.set(editor.document, editor.selection.start, "behind");
      this.end = marks.set(editor.document, editor.selection.end);
    } else {
      this.start = this.end = marks.set(editor.document, editor.selection.active);
    }
  }

  show(stable: string, provisional: string): void {
    this.heard ??= new Heard(this.document, () => this.end.position);
    if (this.partials) this.heard.show(stable, provisional);
  }

  async put(text: string): Promise<Placed> {
    this.clear();
    const { document } = this;
    const name = path.basename(document.fileName);
    for (let attempt = 0; attempt < ATTEMPTS && !document.isClosed; attempt++) {
      const range = new vscode.Range(this.start.position, this.end.position);
      if (this.baseline !== undefined && document.getText(range) !== this.baseline) {
        return failed(`the selected text in ${name} has been changed meanwhile`);
      }
      const { version } = document;
      try {
        if (await this.marks.editing(this.end, () => this.edit(range, text))) {
          if (this.holds(text)) return { status: "verified" };
          // An editor that is read-only says that it is done, and has done nothing.
          return document.version === version ? failed(`${name} is read-only`) : { status: "sent" };
        }
      } catch {
        // Its editor was hidden at that very moment; then the document takes the text, unless it has it.
        if (this.holds(text)) return { status: "verified" };
      }
      await pause(PAUSE_MS);
    }
    return failed(document.isClosed ? `${name} has been closed` : `${name} cannot be changed`);
  }

  dispose(): void {
    this.clear();
    this.marks.remove(this.start);
    this.marks.remove(this.end);
  }

  private clear(): void {
    this.heard?.dispose();
    this.heard = undefined;
  }

  private holds(text: string): boolean {
    const { document, start } = this;
    const there = text.replace(/\r\n|\r|\n/g, document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n");
    const end = document.positionAt(start.offset + there.length);
    return document.getText(new vscode.Range(start.position, end)) === there;
  }

  private edit(range: vscode.Range, text: string): Thenable<boolean> {
    const { document } = this;
    const shown = [vscode.window.activeTextEditor, ...vscode.window.visibleTextEditors];
    const editor = shown.find((one) => one?.document === document);
    if (editor) {
      // An insertion moves a cursor that is at the place; a replacement would select what it brings.
      return editor.edit((edit) => (range.isEmpty ? edit.insert(range.start, text) : edit.replace(range, text)), {
        undoStopBefore: true,
        undoStopAfter: true,
      });
    }
    const { scheme } = document.uri;
    const writable = OWN_SCHEMES.includes(scheme) || vscode.workspace.fs.isWritableFileSystem(scheme);
    if (!writable) return Promise.resolve(false);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, range, text);
    return vscode.workspace.applyEdit(edit);
  }
}

/** The kind of the text, as rules of the daemon's settings name it: by its language, as in the other editors. */
function contextOf({ languageId, fileName }: vscode.TextDocument): SessionContext {
  if (languageId === "git-commit") return { app: "code", file_type: "gitcommit" };
  const extension = languageId === "plaintext" ? path.extname(fileName).slice(1) : "";
  return { app: "code", file_type: extension || languageId };
}

function failed(why: string): Placed {
  return { status: "failed", why };
}
