// SPDX-License-Identifier: Apache-2.0
/** Tells and asks people by the editor's own means. */

import * as vscode from "vscode";

import { type Failure, UNREACHABLE } from "./failure";
import type { Choice, Doing, Feedback } from "./feedback";
import type { StatusItem } from "./status";

const START = "Start parleqd";
const INSERT = "Insert at Cursor";
const COPY = "Copy";
const SHOWN_MS = 5000;
const CHOICES: Record<string, Choice> = { [INSERT]: "insert", [COPY]: "copy" };

export class Notifications implements Feedback {
  constructor(
    private readonly status: StatusItem,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  doing(doing: Doing): void {
    this.status.doing(doing);
  }

  reachable(reachable: boolean): void {
    this.status.reachable(reachable);
  }

  say(message: string): void {
    vscode.window.setStatusBarMessage(`parleq: ${message}`, SHOWN_MS);
  }

  warn(message: string): void {
    void vscode.window.showWarningMessage(`parleq: ${message}`);
  }

  failed(failure: Failure): void {
    this.log.error(`failed: ${failure.reason}`);
    const actions = failure.reason === UNREACHABLE ? [START] : [];
    void vscode.window.showErrorMessage(`parleq: ${failure.told}`, ...actions).then((action) => {
      if (action === START) void vscode.commands.executeCommand("parleq.startDaemon");
    });
  }

  async offer(message: string): Promise<Choice | undefined> {
    return CHOICES[(await vscode.window.showWarningMessage(`parleq: ${message}`, INSERT, COPY)) ?? ""];
  }

  async show(message: string, text: string): Promise<Choice | undefined> {
    const options = { modal: true, detail: text };
    return CHOICES[(await vscode.window.showInformationMessage(message, options, INSERT, COPY)) ?? ""];
  }

  async copy(text: string): Promise<void> {
    await vscode.env.clipboard.writeText(text);
    this.say("copied");
  }

  note(message: string): void {
    this.log.info(message);
  }
}
