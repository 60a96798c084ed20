// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";

import { checkSocket, socketPath } from "../src/place";

test("the socket's path: the setting, PARLEQ_SOCKET, the runtime folder, memory", () => {
  const environment = { PARLEQ_SOCKET: "/a.sock", XDG_RUNTIME_DIR: "/run/user/7" };
  assert.equal(socketPath("/b.sock", environment, "linux", 7), "/b.sock");
  assert.equal(socketPath("", environment, "linux", 7), "/a.sock");
  assert.equal(socketPath("", { ...environment, PARLEQ_SOCKET: "" }, "linux", 7), "/run/user/7/parleq/parleqd.sock");
  assert.equal(socketPath("", { XDG_RUNTIME_DIR: "run" }, "linux", 7), "/dev/shm/parleq-7/parleqd.sock");
  assert.equal(socketPath("", { TMPDIR: "/t/" }, "darwin", 7), "/t/parleq-7/parleqd.sock");
  assert.equal(socketPath("", {}, "darwin", 7), "/tmp/parleq-7/parleqd.sock");
});

test("what is no socket is not talked to", async () => {
  await assert.rejects(checkSocket("/no/such.sock", 0), /there is no such socket/);
  await assert.rejects(checkSocket("/", 0), /that is no socket/);
});
