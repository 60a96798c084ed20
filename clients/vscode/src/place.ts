// SPDX-License-Identifier: Apache-2.0
/** Where the daemon's socket is, and whether what is found there may be talked to. */

import { constants, stat } from "node:fs/promises";
import * as path from "node:path";

import { Failure, UNREACHABLE } from "./failure";

/** The rules of PROTOCOL.md, "Where the socket is"; `setting` goes before all of them. */
export function socketPath(
  setting: string,
  environment: Record<string, string | undefined>,
  platform: string,
  user: number,
): string {
  if (setting) return setting;
  if (environment["PARLEQ_SOCKET"]) return environment["PARLEQ_SOCKET"];
  const runtime = environment["XDG_RUNTIME_DIR"];
  if (runtime && path.isAbsolute(runtime)) return path.join(runtime, "parleq", "parleqd.sock");
  const folder = platform === "linux" ? "/dev/shm" : environment["TMPDIR"] || "/tmp";
  return path.join(folder, `parleq-${user}`, "parleqd.sock");
}

/** This process's user id. Throws Failure where there are no Unix sockets as the daemon has them. */
export function userId(): number {
  const user = process.getuid?.(); // os.userInfo() fails for a user without a name, as containers have
  if (user === undefined) throw new Failure(UNREACHABLE, "parleqd runs on Linux and macOS, and this is neither");
  return user;
}

/** Throws Failure unless a socket of this user's is at `socket`. */
export async function checkSocket(socket: string, user: number): Promise<void> {
  let found;
  try {
    found = await stat(socket);
  } catch {
    throw new Failure(UNREACHABLE, `no parleqd at ${socket}: there is no such socket`);
  }
  if ((found.mode & constants.S_IFMT) !== constants.S_IFSOCK) {
    throw new Failure(UNREACHABLE, `no parleqd at ${socket}: that is no socket`, "see the setting parleq.socket");
  }
  if (found.uid !== user) {
    throw new Failure(
      UNREACHABLE,
      `the socket ${socket} belongs to user id ${found.uid}, and this is user id ${user}`,
      "a daemon serves its own user only: start one of your own",
    );
  }
}
