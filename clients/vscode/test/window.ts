// SPDX-License-Identifier: Apache-2.0
/** The whole extension in the stand-in's window, with a scripted daemon. */

import { seen, show, vscode } from "./stand_in";

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExtensionContext } from "vscode";

import { activate } from "../src/extension";
import { ScriptedDaemon } from "./scripted_daemon";
import { until } from "./until";

export class Window {
  readonly folder = mkdtempSync(join(tmpdir(), "parleq-"));
  readonly daemon = new ScriptedDaemon(join(this.folder, "s.sock"));
  private readonly subscriptions: { dispose: () => void }[] = [];
  private kept: Record<string, unknown> = {};

  /** `kept`: what the workspace remembers of an earlier window. */
  open(kept: Record<string, unknown> = {}): void {
    this.kept = kept;
    Object.assign(seen, { messages: [], answers: [], clipboard: "", log: [], settings: { socket: this.daemon.path } });
    show();
    vscode.window.activeTerminal = undefined;
    activate({
      subscriptions: this.subscriptions,
      extension: { packageJSON: { version: "0" } },
      workspaceState: {
        get: (key: string, otherwise: unknown) => this.kept[key] ?? otherwise,
        update: (key: string, value: unknown) => Promise.resolve(void (this.kept[key] = value)),
      },
    } as unknown as ExtensionContext);
  }

  get begun(): string[] {
    return Object.keys((this.kept["parleq.begun"] ?? {}) as object);
  }

  async command(name: string, ...args: unknown[]): Promise<void> {
    await vscode.commands.executeCommand(`parleq.${name}`, ...args);
  }

  /** Begins a dictation; its session. */
  async dictate(command = "start", ...args: unknown[]): Promise<string> {
    const earlier = this.daemon.of("session/result").length;
    await this.command(command, ...args);
    const { session_id: session } = await this.daemon.called("session/result", earlier + 1);
    this.daemon.tell("session/state", { session_id: session as string, phase: "recording" });
    await until(() => seen.status.includes("listening"), "it listens");
    return session as string;
  }

  async told(part: string): Promise<void> {
    await until(() => seen.messages.some((message) => message.includes(part)), `${part} is told: ${seen.messages}`);
  }

  async close(): Promise<void> {
    for (const one of this.subscriptions.splice(0).reverse()) one.dispose();
    await this.daemon.stop();
    rmSync(this.folder, { recursive: true });
  }
}

/** A test with a window of its own, and a daemon that answers; `kept` as in `Window.open`. */
export async function inWindow(
  doing: (window: Window) => Promise<void>,
  kept: Record<string, unknown> = {},
  prepare: (daemon: ScriptedDaemon) => void = () => undefined,
): Promise<void> {
  const window = new Window();
  prepare(window.daemon);
  await window.daemon.start();
  try {
    window.open(kept);
    await doing(window);
  } finally {
    await window.close();
  }
}
