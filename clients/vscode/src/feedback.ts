// SPDX-License-Identifier: Apache-2.0
/** What people are told, and asked: the one thing that a dictation knows of notifications. */

import type { Failure } from "./failure";

/** What the window is doing: of several dictations the one that is spoken. */
export type Doing = "idle" | "starting" | "recording" | "transcribing";

export type Choice = "insert" | "copy";

export interface Feedback {
  doing(doing: Doing): void;
  /** Is there a connection? */
  reachable(reachable: boolean): void;
  /** In passing: nothing that has to be read. */
  say(message: string): void;
  warn(message: string): void;
  failed(failure: Failure): void;
  /** A text waits: what should become of it? Nothing is shown of it. */
  offer(message: string): Promise<Choice | undefined>;
  /** As `offer`, with the text shown: somebody has asked for it. */
  show(message: string, text: string): Promise<Choice | undefined>;
  copy(text: string): Promise<void>;
  /** For the log: never a text. */
  note(message: string): void;
}
