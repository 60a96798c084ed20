// SPDX-License-Identifier: Apache-2.0
/** The dictations of this window, from the command that begins one to the receipt of its text. */

import type { Link, User } from "./client";
import { Dictation, type Ending } from "./dictation";
import { CANCELLED, Failure, failureOf, UNREACHABLE } from "./failure";
import type { Feedback } from "./feedback";
import type { Memory } from "./memory";
import type { Offers } from "./offers";
import { inserted, type Introduced, type Mode, type Note } from "./protocol";
import type { SessionResult, SessionStart, SessionStarted } from "./protocol";
import type { Receipts } from "./receipts";
import type { Target } from "./target";

export class Dictations implements User {
  private underWay: Dictation[] = [];
  /** What was told of sessions before the answer came that names them. */
  private early: [string, Note][] = [];

  constructor(
    private readonly link: Link,
    private readonly feedback: Feedback,
    private readonly offers: Offers,
    private readonly receipts: Receipts,
    private readonly memory: Memory,
    private readonly mode: () => Mode | undefined,
  ) {}

  /** The dictation that is being spoken, if there is one. */
  get spoken(): Dictation | undefined {
    return this.underWay.find((one) => one.spoken);
  }

  // What people want

  async start(target: Target): Promise<void> {
    await this.begin(new Dictation(target), "session/start", this.params(target));
  }

  /** Recognises the last recording again, for `target`. */
  async recover(target: Target): Promise<void> {
    await this.begin(new Dictation(target, "transcribing"), "session/recover", {});
  }

  async stop(): Promise<void> {
    if (this.spoken) await this.end(this.spoken, "stop");
    else this.feedback.say("no dictation is being spoken in this window");
  }

  /** Gives up the latest dictation, in whatever phase it is. */
  async cancel(): Promise<void> {
    const latest = this.underWay.filter((one) => one.ending !== "cancel").at(-1);
    if (latest) await this.end(latest, "cancel");
    else this.feedback.say("there is no dictation to cancel in this window");
  }

  // What the link tells

  connected(introduced: Introduced): void {
    this.feedback.reachable(true);
    this.feedback.note(`connected to ${introduced.server.name} ${introduced.server.version}`);
    this.quietly(this.link.call("events/subscribe", { topics: ["state", "notice"] }));
    this.quietly(this.receipts.tellAll());
    for (const dictation of this.underWay) {
      if (dictation.ending === "cancel") this.quietly(this.tellEnd(dictation));
      if (dictation.session) void this.collect(dictation);
    }
    const known = (session: string): boolean => this.find(session) !== undefined || this.receipts.has(session);
    this.quietly(this.offers.afterHandshake(introduced.pending, known));
  }

  disconnected(failure: Failure): void {
    this.feedback.reachable(false);
    this.feedback.note(`disconnected: ${failure.reason}`);
    const lost = this.underWay.filter((one) => one.session && one.ending !== "cancel");
    for (const dictation of lost) {
      if (dictation.phase === "recording" || dictation.phase === "starting") dictation.phase = "transcribing";
    }
    if (lost.length) {
      const hints = [failure.hint, "what was said is kept, and comes when the daemon is back"];
      this.feedback.failed(new Failure(failure.reason, failure.message, hints.filter(Boolean).join("; ")));
    }
    this.changed();
  }

  told(method: string, note: Note): void {
    const session = note.session_id ?? "";
    const dictation = this.find(session);
    if (!dictation) {
      if (this.underWay.some((one) => !one.session)) this.early.push([method, note]);
      else if (method === "session/final" && !this.receipts.has(session)) this.quietly(this.offers.finished(session));
    } else if (method === "session/partial") {
      if (dictation.ending !== "cancel") dictation.target.show(note.stable ?? "", note.provisional ?? "");
    } else if (method === "session/state") {
      this.entered(dictation, note.phase ?? "");
    } else if (method === "daemon/notice" && note.reason !== "resumed") {
      this.feedback.warn(`${note.message ?? note.reason}${note.hint ? ` (${note.hint})` : ""}`);
    }
  }

  dispose(): void {
    for (const dictation of this.underWay) dictation.target.dispose();
    this.underWay = [];
  }

  // One dictation

  private params(target: Target): SessionStart {
    const mode = this.mode();
    return {
      source: "microphone",
      deliver: "return",
      on_disconnect: "stop",
      context: target.context,
      ...(mode ? { mode } : {}),
      ...(target.baseline === undefined ? {} : { refine: { text: target.baseline } }),
    };
  }

  private async begin(dictation: Dictation, method: string, params: object): Promise<void> {
    this.underWay.push(dictation);
    this.changed();
    try {
      await this.link.reach();
      if (dictation.ending) return this.over(dictation);
      const { session_id } = await this.link.call<SessionStarted>(method, params);
      dictation.session = session_id;
    } catch (error) {
      this.feedback.failed(failureOf(error));
      return this.over(dictation);
    }
    if (dictation.ending !== "cancel") this.memory.add(dictation.session);
    this.feedback.note(`session ${dictation.session} began by ${method}`);
    this.replay();
    if (dictation.ending) await this.tellEnd(dictation);
    void this.collect(dictation);
  }

  private async end(dictation: Dictation, ending: Ending): Promise<void> {
    dictation.ending = ending;
    if (ending === "cancel") {
      dictation.target.dispose();
      this.memory.remove(dictation.session);
    }
    this.changed();
    if (dictation.session) await this.tellEnd(dictation);
  }

  private async tellEnd(dictation: Dictation): Promise<void> {
    try {
      await this.link.call(`session/${dictation.ending}`, { session_id: dictation.session });
    } catch (error) {
      // It may have ended by itself a moment ago; a daemon that has gone stops it as well.
      this.feedback.note(`ending session ${dictation.session}: ${failureOf(error).reason}`);
    }
  }

  /** Waits for the result and puts it in its place. A connection that is lost meanwhile is waited for, too. */
  private async collect(dictation: Dictation): Promise<void> {
    if (dictation.awaited || dictation.phase === "over") return;
    dictation.awaited = true;
    try {
      const result = await this.link.call<SessionResult>("session/result", { session_id: dictation.session }, 0);
      dictation.phase = "transcribing"; // nothing more of it is heard, though nobody may have said so
      this.changed();
      if (dictation.ending !== "cancel") await this.deliver(dictation, result);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.reason === UNREACHABLE) {
        dictation.awaited = false; // `connected` asks again
        return;
      }
      if (failure.reason === CANCELLED) this.feedback.say("the dictation was cancelled");
      else if (dictation.ending !== "cancel") this.feedback.failed(failure);
      this.memory.remove(dictation.session);
    }
    this.over(dictation);
  }

  private async deliver(dictation: Dictation, result: SessionResult): Promise<void> {
    const session = dictation.session;
    this.feedback.note(`session ${session}: ${result.verdict}, ${result.text.length} characters`);
    if (result.fallback) this.feedback.say(result.fallback.message);
    for (const warning of result.warnings) this.feedback.warn(warning.message);
    if (!result.text || result.text === dictation.target.baseline) {
      if (!result.fallback) this.feedback.say(result.text ? "nothing was changed" : `nothing was said (${result.verdict})`);
      return await this.receipts.tell(session, { status: "read", detail: "" });
    }
    const placed = await dictation.target.put(dictation.target.baseline === undefined ? inserted(result) : result.text);
    if (placed.status === "failed") {
      this.quietly(this.offers.notPlaced(session, result, placed.why));
    } else {
      await this.receipts.tell(session, { status: placed.status, detail: "" });
    }
  }

  private entered(dictation: Dictation, phase: string): void {
    if (phase === "recording" && dictation.phase === "starting") {
      dictation.phase = "recording";
      if (!dictation.ending) dictation.target.show("", "");
    } else if (phase !== "recording" && dictation.phase !== "over") {
      dictation.phase = "transcribing";
    }
    this.changed();
  }

  private over(dictation: Dictation): void {
    dictation.phase = "over";
    dictation.target.dispose();
    this.underWay = this.underWay.filter((one) => one !== dictation);
    if (!this.underWay.some((one) => !one.session)) this.replay();
    this.changed();
  }

  private replay(): void {
    const early = this.early;
    this.early = [];
    for (const [method, note] of early) this.told(method, note);
  }

  private find(session: string): Dictation | undefined {
    return session ? this.underWay.find((one) => one.session === session) : undefined;
  }

  private changed(): void {
    const phase = this.spoken?.phase;
    if (phase === "starting" || phase === "recording") this.feedback.doing(phase);
    else this.feedback.doing(this.underWay.some((one) => one.ending !== "cancel") ? "transcribing" : "idle");
  }

  private quietly(doing: Promise<unknown>): void {
    doing.catch((error: unknown) => this.feedback.note(`refused: ${failureOf(error).reason}`));
  }
}
