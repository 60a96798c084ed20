// SPDX-License-Identifier: Apache-2.0
/** What this client uses of the daemon's protocol; PROTOCOL.md has all of it. */

export const PROTOCOL = 1;

export type Mode = "raw" | "instant" | "polished";
export type ReceiptStatus = "verified" | "read" | "sent" | "failed";

/** Chooses mode, vocabulary and punctuation. The document's text is no part of it. */
export interface SessionContext {
  app: string;
  file_type: string;
}

export interface SessionStart {
  source: "microphone";
  deliver: "return";
  on_disconnect: "stop";
  context: SessionContext;
  mode?: Mode;
  refine?: { text: string };
}

export interface SessionStarted {
  session_id: string;
}

export interface SessionResult {
  session_id: string;
  verdict: string;
  text: string;
  fallback: { reason: string; message: string } | null;
  warnings: { reason: string; message: string }[];
  audio_seconds: number;
  /** Of a refinement: the text before. */
  baseline: string | null;
  /** A blank belongs behind the text where it is inserted. */
  trailing_space: boolean;
}

export type DictatedText = Pick<SessionResult, "text" | "trailing_space">;

/** The text as it is inserted where something else may follow: the daemon's settings may want a blank behind it. */
export function inserted({ text, trailing_space }: DictatedText): string {
  return trailing_space && /\S$/.test(text) ? `${text} ` : text;
}

export interface Receipt {
  status: ReceiptStatus;
  detail: string;
}

export interface PendingSession {
  session_id: string;
  state: "ready" | "maybe_delivered";
  deliver: string;
  /** Seconds since the epoch. */
  started: number;
  audio_seconds: number;
}

export interface Introduced {
  server: { name: string; version: string };
  protocol: number;
  pending: PendingSession[];
}

export interface HistoryEntry {
  session_id: string;
  delivery: string;
  result: SessionResult;
}

/** The params of the notifications that this client takes: which fields are there depends on the method. */
export interface Note {
  session_id?: string | null;
  phase?: string;
  stable?: string;
  provisional?: string;
  reason?: string;
  message?: string;
  hint?: string;
}
