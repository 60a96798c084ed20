// SPDX-License-Identifier: Apache-2.0
/** Which dictations this workspace has begun and not seen the end of: their ids alone, kept over a restart. */

const KEY = "parleq.begun";
const LONGEST_S = 24 * 3600;

/** `vscode.Memento`, as much as is needed of it. */
export interface Storage {
  get<T>(key: string, otherwise: T): T;
  update(key: string, value: unknown): Thenable<void>;
}

export class Memory {
  private begun: Map<string, number>;

  /** `now`: seconds since the epoch. Who has waited for a day waits for nothing. */
  constructor(
    private readonly storage: Storage,
    private readonly now: () => number = () => Date.now() / 1000,
  ) {
    const kept = Object.entries(storage.get<Record<string, number>>(KEY, {}));
    this.begun = new Map(kept.filter(([, started]) => started > this.now() - LONGEST_S));
  }

  get empty(): boolean {
    return this.begun.size === 0;
  }

  has(session: string): boolean {
    return this.begun.has(session);
  }

  add(session: string): void {
    this.begun.set(session, this.now());
    this.save();
  }

  remove(session: string): void {
    if (this.begun.delete(session)) this.save();
  }

  private save(): void {
    void this.storage.update(KEY, Object.fromEntries(this.begun));
  }
}
