// SPDX-License-Identifier: Apache-2.0
/** Waiting for what other tasks bring about. */

import { setTimeout as pause } from "node:timers/promises";

const PATIENCE_MS = 5000;

/** Until `condition` holds; throws with `what` when it never does. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await pause(2);
  }
}
