// SPDX-License-Identifier: Apache-2.0
/** Where a text can go: the one thing that a dictation knows of editors and terminals. */

import type { ReceiptStatus, SessionContext } from "./protocol";

/** What became of a text. `why`: what was in the way of one that is not placed. */
export type Placed = { status: Exclude<ReceiptStatus, "failed"> } | { status: "failed"; why: string };

export interface Target {
  readonly context: SessionContext;
  /** Of a refinement: the text that the spoken instruction changes. */
  readonly baseline?: string;
  /** The place is marked, and what is heard is shown there. */
  show(stable: string, provisional: string): void;
  /** Puts the text where the dictation began, as one step of undo. It may be tried again after a failure. */
  put(text: string): Promise<Placed>;
  /** Takes away whatever was shown. */
  dispose(): void;
}
