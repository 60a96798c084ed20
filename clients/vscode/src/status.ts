// SPDX-License-Identifier: Apache-2.0
/** The status bar item: whether the daemon is there, and what is done with what is said. */

import * as vscode from "vscode";

import type { Doing } from "./feedback";

const LOOKS: Record<Doing, { text: string; tooltip: string }> = {
  idle: { text: "$(mic) parleq", tooltip: "Start dictation" },
  starting: { text: "$(loading~spin) parleq", tooltip: "The microphone is being opened" },
  recording: { text: "$(record) listening", tooltip: "Stop dictation: the text will be inserted where it began" },
  transcribing: { text: "$(loading~spin) transcribing", tooltip: "The text is on its way" },
};

export class StatusItem {
  private readonly item = vscode.window.createStatusBarItem("parleq.status", vscode.StatusBarAlignment.Right, 100);
  private current: Doing = "idle";
  private connected: boolean | undefined;

  constructor() {
    this.item.name = "parleq";
    this.item.command = "parleq.toggle";
    this.paint();
    this.item.show();
  }

  doing(doing: Doing): void {
    this.current = doing;
    this.paint();
    const recording = doing === "starting" || doing === "recording";
    void vscode.commands.executeCommand("setContext", "parleq.recording", recording);
    void vscode.commands.executeCommand("setContext", "parleq.busy", doing !== "idle");
  }

  reachable(reachable: boolean): void {
    this.connected = reachable;
    this.paint();
  }

  dispose(): void {
    this.item.dispose();
  }

  private paint(): void {
    const gone = this.connected === false;
    const { text, tooltip } = LOOKS[this.current];
    this.item.text = gone && this.current === "idle" ? "$(mic-off) parleq" : text;
    this.item.tooltip = gone ? "parleqd is not there" : tooltip;
    this.item.accessibilityInformation = { label: `parleq: ${gone ? "no daemon" : this.current}` };
    this.item.backgroundColor =
      this.current === "recording" ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  }
}
