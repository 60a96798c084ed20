// SPDX-License-Identifier: Apache-2.0
/** Joins the parts, and binds them to commands. */

import * as vscode from "vscode";

import { Link } from "./client";
import { startDaemon } from "./daemon";
import { EditorTarget } from "./editor_target";
import { Failure, failureOf } from "./failure";
import { Marks } from "./marks";
import { Memory } from "./memory";
import { Notifications } from "./notifications";
import { noPlace, Offers } from "./offers";
import { socketPath, userId } from "./place";
import { Receipts } from "./receipts";
import { Dictations } from "./session";
import { SECTION, settings } from "./settings";
import { StatusItem } from "./status";
import type { Target } from "./target";
import { TerminalTarget } from "./terminal_target";

/** What a key binding may say: the terminal is meant, though an editor is open. */
interface Into {
  into?: "terminal";
}

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("parleq", { log: true });
  const status = new StatusItem();
  const marks = new Marks();
  const feedback = new Notifications(status, log);
  const memory = new Memory(context.workspaceState);
  const version = String((context.extension.packageJSON as { version: string }).version);
  const link = new Link(() => socketPath(settings.socket, process.env, process.platform, userId()), version);
  const receipts = new Receipts(link, memory);
  const offers = new Offers(link, feedback, receipts, memory, () => placeNow(marks));
  const dictations = new Dictations(link, feedback, offers, receipts, memory, () => settings.mode);
  link.user = dictations;

  const begin = async (target: Target | undefined, how: (target: Target) => Promise<void>): Promise<void> => {
    if (!target) throw noPlace();
    if (!dictations.spoken) return await how(target);
    target.dispose();
    feedback.say("a dictation is being spoken already");
  };
  const start = (into?: Into): Promise<void> => begin(placeNow(marks, into), (target) => dictations.start(target));
  const commands: Record<string, (into?: Into) => unknown> = {
    start,
    stop: () => dictations.stop(),
    toggle: (into) => (dictations.spoken ? dictations.stop() : start(into)),
    cancel: () => dictations.cancel(),
    refine: () => begin(selectionNow(marks), (target) => dictations.start(target)),
    recover: (into) => begin(placeNow(marks, into), (target) => dictations.recover(target)),
    last: () => offers.last(),
    startDaemon,
    showLog: () => log.show(),
  };
  for (const [name, command] of Object.entries(commands)) {
    const run = async (into?: Into): Promise<void> => {
      try {
        await command(into);
      } catch (error) {
        feedback.failed(failureOf(error));
      }
    };
    context.subscriptions.push(vscode.commands.registerCommand(`${SECTION}.${name}`, run));
  }
  const onSettings = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${SECTION}.socket`)) link.restart();
  });
  context.subscriptions.push(onSettings, dictations, link, marks, status, log);
  if (!memory.empty) link.keepTrying(); // what was begun before this window was closed is offered
}

/** The cursor, or the terminal's command line: the editor goes first, unless the terminal is meant. */
function placeNow(marks: Marks, { into }: Into = {}): Target | undefined {
  const { activeTextEditor: editor, activeTerminal: terminal } = vscode.window;
  if (editor && into !== "terminal") return new EditorTarget(editor, marks, settings.partials);
  return terminal && new TerminalTarget(terminal, settings.partials);
}

/** The selected text. Throws Failure where none is selected. */
function selectionNow(marks: Marks): Target {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty) {
    throw new Failure("no_selection", "no text is selected", "select the text that is to be changed");
  }
  return new EditorTarget(editor, marks, settings.partials, true);
}
