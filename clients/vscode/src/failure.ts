// SPDX-License-Identifier: Apache-2.0
/** What went wrong, in the daemon's own terms: a stable reason, a message and a hint for people. */

import { ConnectionError, ErrorCodes, ResponseError } from "vscode-jsonrpc/node";

export const UNREACHABLE = "daemon_unreachable";
export const MISMATCH = "protocol_unsupported";
export const CANCELLED = "cancelled";

const CANCELLED_CODE = -32800;
/** What the library itself answers for a connection that has ended, or cannot be written to any more. */
const LOST: number[] = [
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.MessageWriteError,
  ErrorCodes.MessageReadError,
  ErrorCodes.ConnectionInactive,
];

export class Failure extends Error {
  constructor(
    readonly reason: string,
    message: string,
    readonly hint = "",
  ) {
    super(message);
  }

  /** Message and hint as one text for a notification. */
  get told(): string {
    return this.hint ? `${this.message} (${this.hint})` : this.message;
  }
}

/** The failure that a call ended with, whatever was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof ConnectionError) return new Failure(UNREACHABLE, "the connection to parleqd was lost");
  if (!(error instanceof ResponseError)) return new Failure("internal", `a bug in this extension: ${String(error)}`);
  if (LOST.includes(error.code)) {
    return new Failure(UNREACHABLE, "parleqd closed the connection: it was stopped, or it died");
  }
  const data = (error.data ?? {}) as { reason?: string; hint?: string };
  const usual = error.code === CANCELLED_CODE ? CANCELLED : `code ${error.code}`;
  return new Failure(data.reason ?? usual, error.message, data.hint ?? "");
}
