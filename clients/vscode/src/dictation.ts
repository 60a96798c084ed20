// SPDX-License-Identifier: Apache-2.0
/** One dictation, as far as this window knows it. */

import type { Target } from "./target";

export type Phase = "starting" | "recording" | "transcribing" | "over";
export type Ending = "stop" | "cancel";

export class Dictation {
  /** "" until the daemon has answered. */
  session = "";
  /** What somebody has asked for. */
  ending: Ending | undefined;
  /** A call waits for its result. */
  awaited = false;

  /** `phase`: "transcribing" for what was spoken before. */
  constructor(
    readonly target: Target,
    public phase: Phase = "starting",
  ) {}

  get spoken(): boolean {
    return this.ending === undefined && (this.phase === "starting" || this.phase === "recording");
  }
}
