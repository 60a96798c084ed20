// SPDX-License-Identifier: Apache-2.0
/** Texts that no dictation of this window will place: offered once, inserted only when somebody says so. */

import type { Link } from "./client";
import { Failure, failureOf } from "./failure";
import type { Choice, Feedback } from "./feedback";
import type { Memory } from "./memory";
import { type DictatedText, type HistoryEntry, inserted, type PendingSession, type SessionResult } from "./protocol";
import type { Receipts } from "./receipts";
import type { Target } from "./target";

export class Offers {
  private readonly offered = new Set<string>();

  /** `here`: the place where a text would go now, if there is one. */
  constructor(
    private readonly link: Link,
    private readonly feedback: Feedback,
    private readonly receipts: Receipts,
    private readonly memory: Memory,
    private readonly here: () => Target | undefined,
  ) {}

  /** A text is there, and its place is not. */
  async notPlaced(session: string, dictated: DictatedText, why: string): Promise<void> {
    this.offered.add(session);
    const choice = await this.feedback.offer(`The dictated text could not be inserted: ${why}. It is not lost.`);
    await this.give(session, dictated, choice);
  }

  /** Offers what waits for this window, or was begun here before it was closed. `known`: whose place is known. */
  async afterHandshake(pending: PendingSession[], known: (session: string) => boolean): Promise<void> {
    // Decided before anything is awaited: what `pending` lists may be acknowledged meanwhile.
    const own = pending.filter((one) => !known(one.session_id));
    const all = this.memory.empty ? [] : await this.pending({ all: true });
    const begunHere = all.filter((one) => this.memory.has(one.session_id) && !known(one.session_id));
    await Promise.all([...own, ...begunHere].map((one) => this.waits(one)));
  }

  /**
   * The text of a session that no dictation waits for is there. It is offered if it is this window's, which may never
   * have heard that it began, or was begun here before the window was closed.
   */
  async finished(session: string): Promise<void> {
    const listed = await this.pending(this.memory.has(session) ? { all: true } : {});
    const one = listed.find((pending) => pending.session_id === session);
    if (one) await this.waits(one);
  }

  /** Shows the last dictation of this user, wherever it was spoken. */
  async last(): Promise<void> {
    await this.link.reach();
    const entry = await this.link.call<HistoryEntry>("history/last");
    const waits = entry.delivery === "pending";
    const message = waits ? "The last dictation, which waits:" : "The last dictation:";
    const choice = await this.feedback.show(message, entry.result.text);
    if (choice && waits) await this.take(entry.session_id, choice);
    else await this.give("", entry.result, choice);
  }

  private async pending(params: { all?: boolean }): Promise<PendingSession[]> {
    return (await this.link.call<{ sessions: PendingSession[] }>("session/pending", params)).sessions;
  }

  private async waits(one: PendingSession): Promise<void> {
    if (this.offered.has(one.session_id)) return;
    this.offered.add(one.session_id);
    const began = new Date(one.started * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    const choice = await this.feedback.offer(
      `The text of a dictation of ${Math.round(one.audio_seconds)} s, begun at ${began}, waits.`,
    );
    if (choice) await this.take(one.session_id, choice);
  }

  /** Makes the session this window's, fetches its text and gives it. */
  private async take(session: string, choice: Choice): Promise<void> {
    try {
      await this.link.call("session/claim", { session_id: session });
      const result = await this.link.call<SessionResult>("session/result", { session_id: session });
      await this.give(session, result, choice);
    } catch (error) {
      this.offered.delete(session); // the next handshake offers it again
      this.feedback.failed(failureOf(error));
    }
  }

  /** `session`: "" for a text that does not wait. */
  private async give(session: string, dictated: DictatedText, choice: Choice | undefined): Promise<void> {
    if (!choice) return;
    if (choice === "copy") {
      await this.feedback.copy(dictated.text);
      if (session) await this.receipts.tell(session, { status: "read", detail: "copied" });
      return;
    }
    const target = this.here();
    if (!target) {
      this.feedback.failed(noPlace());
      if (session) await this.notPlaced(session, dictated, "no editor has the focus");
      return;
    }
    const placed = await target.put(inserted(dictated));
    target.dispose();
    if (placed.status === "failed") await this.notPlaced(session, dictated, placed.why);
    else if (session) await this.receipts.tell(session, { status: placed.status, detail: "" });
  }
}

/** There is nothing to dictate into. */
export function noPlace(): Failure {
  return new Failure("no_place", "there is no editor or terminal to dictate into", "open a file, or a terminal");
}
