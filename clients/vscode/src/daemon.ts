// SPDX-License-Identifier: Apache-2.0
/** Starts the daemon, in a terminal where what it says can be read. */

import * as vscode from "vscode";

import { settings } from "./settings";

/** The command line: the socket is named only where it is not the usual one. */
export function commandLine(command: string, socket: string): string {
  return socket ? `${command} --socket '${socket.replaceAll("'", `'\\''`)}'` : command;
}

export function startDaemon(): void {
  const terminal = vscode.window.createTerminal("parleqd");
  terminal.show(true);
  terminal.sendText(commandLine(settings.daemonCommand, settings.socket), true);
}
