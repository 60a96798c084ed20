// SPDX-License-Identifier: Apache-2.0
/** Starts the daemon, in a terminal where what it says can be read. */

import { homedir } from "node:os";
import * as vscode from "vscode";

import { settings } from "./settings";

/** The command line: the socket is named only where it is not the usual one. */
export function commandLine(command: string, socket: string): string {
  return socket ? `${command} --socket '${socket.replaceAll("'", `'\\''`)}'` : command;
}

/** The terminal is where this extension runs, and the microphone: a name alone would open it on the remote machine. */
export function startDaemon(): void {
  const terminal = vscode.window.createTerminal({ name: "parleqd", cwd: vscode.Uri.file(homedir()) });
  terminal.show(true);
  terminal.sendText(commandLine(settings.daemonCommand, settings.socket), true);
}
