// SPDX-License-Identifier: Apache-2.0
/** The extension's settings, as they are now. */

import * as vscode from "vscode";

import type { Mode } from "./protocol";

export const SECTION = "parleq";

export const settings = {
  get socket(): string {
    return read("socket", "");
  },
  get mode(): Mode | undefined {
    return read<Mode | "">("mode", "") || undefined;
  },
  get partials(): boolean {
    return read("partials", true);
  },
  get daemonCommand(): string {
    return read("daemonCommand", "parleqd");
  },
};

function read<Value>(name: string, otherwise: Value): Value {
  return vscode.workspace.getConfiguration(SECTION).get(name, otherwise);
}
