// SPDX-License-Identifier: Apache-2.0
/** Acknowledgements: what became of a text is told until the daemon knows, over all connections. */

import type { Link } from "./client";
import { failureOf, UNREACHABLE } from "./failure";
import type { Memory } from "./memory";
import type { Receipt } from "./protocol";

export class Receipts {
  private readonly untold = new Map<string, Receipt>();

  constructor(
    private readonly link: Link,
    private readonly memory: Memory,
  ) {}

  /** Is the text of this session in its place already? */
  has(session: string): boolean {
    return this.untold.has(session);
  }

  async tell(session: string, receipt: Receipt): Promise<void> {
    this.untold.set(session, receipt);
    try {
      await this.link.call("session/acknowledge", { session_id: session, receipt });
    } catch (error) {
      if (failureOf(error).reason === UNREACHABLE) return; // told by `tellAll`, after the next handshake
    }
    this.untold.delete(session);
    this.memory.remove(session);
  }

  async tellAll(): Promise<void> {
    await Promise.all([...this.untold].map(([session, receipt]) => this.tell(session, receipt)));
  }
}
