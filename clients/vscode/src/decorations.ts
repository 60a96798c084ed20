// SPDX-License-Identifier: Apache-2.0
/** What is heard, shown where it will go: settled words in one colour, those that may still change in another. */

import * as vscode from "vscode";

const LONGEST = 100;
const LISTENING = " ● ";

/** The end of both texts that fits into `longest` characters, in one line. */
export function tail(stable: string, provisional: string, longest = LONGEST): [string, string] {
  const [settled, open] = [stable, provisional].map((text) => text.replace(/\s+/g, " ")) as [string, string];
  const left = Math.max(0, longest - open.length);
  return [left ? end(settled, left) : "", end(open, longest)];
}

/** No half of a character that takes two is left at the cut. */
function end(text: string, longest: number): string {
  return text.length > longest ? `…${text.slice(-longest).replace(/^[\udc00-\udfff]/, "")}` : text;
}

/** One text that is heard, at one place. It is no part of the document, and nothing of it stays. */
export class Heard {
  private readonly type = vscode.window.createTextEditorDecorationType({});
  private shown: [string, string] = ["", ""];
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly document: vscode.TextDocument,
    private readonly at: () => vscode.Position,
  ) {
    this.listening = vscode.window.onDidChangeVisibleTextEditors(() => this.paint());
    this.paint();
  }

  show(stable: string, provisional: string): void {
    this.shown = tail(stable, provisional);
    this.paint();
  }

  dispose(): void {
    this.listening.dispose();
    this.type.dispose();
  }

  private paint(): void {
    if (this.document.isClosed) return;
    const decoration = { range: new vscode.Range(this.at(), this.at()), renderOptions: this.looks() };
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document === this.document) editor.setDecorations(this.type, [decoration]);
    }
  }

  /** Both at one position: what is `before` it stands left of what is `after` it. */
  private looks(): vscode.DecorationInstanceRenderOptions {
    const [stable, provisional] = this.shown;
    if (!stable && !provisional) return { after: colored(LISTENING, "parleq.provisional") };
    return {
      before: colored(stable, "parleq.stable"),
      after: { ...colored(provisional, "parleq.provisional"), fontStyle: "italic" },
    };
  }
}

function colored(contentText: string, color: string): vscode.ThemableDecorationAttachmentRenderOptions {
  return { contentText, color: new vscode.ThemeColor(color) };
}
