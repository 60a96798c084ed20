// SPDX-License-Identifier: Apache-2.0
/** One dictation, as far as this window knows it. */

import type { Target } from "./target";

export type Phase = "starting" | "recording" | "transcribing" | "over";
export type Ending = "stop" | "cancel";

export class Dictation {
  /** "" until the daemon has answered. */
  session = "";
  phase: Phase = "starting";
  /** What somebody has asked for. */
  ending: Ending | undefined;
  /** A call waits for its result. */
  awaited = false;

  constructor(readonly target: Target) {}

  get spoken(): boolean {
    return this.ending === undefined && (this.phase === "starting" || this.phase === "recording");
  }
}
