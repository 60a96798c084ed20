// SPDX-License-Identifier: Apache-2.0
/** A terminal's command line as the place of a dictation. Nothing that is dictated is carried out. */

import * as vscode from "vscode";

import { tail } from "./decorations";
import type { Placed, Target } from "./target";

const LONGEST = 60;

/** The text as one line, without anything that a terminal would take for a key or a command. */
export function asOneLine(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");
}

export class TerminalTarget implements Target {
  readonly context = { app: "terminal", file_type: "" };
  private message: vscode.Disposable | undefined;

  constructor(
    private readonly terminal: vscode.Terminal,
    private readonly partials: boolean,
  ) {}

  show(stable: string, provisional: string): void {
    if (!this.partials) return;
    this.dispose();
    this.message = vscode.window.setStatusBarMessage(tail(stable, provisional, LONGEST).join(""));
  }

  put(text: string): Promise<Placed> {
    this.dispose();
    if (this.terminal.exitStatus !== undefined || !vscode.window.terminals.includes(this.terminal)) {
      return Promise.resolve({ status: "failed", why: "the terminal has been closed" });
    }
    this.terminal.sendText(asOneLine(text), false);
    return Promise.resolve({ status: "sent" });
  }

  dispose(): void {
    this.message?.dispose();
    this.message = undefined;
  }
}
