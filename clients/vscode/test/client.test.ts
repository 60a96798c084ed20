// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { Link } from "../src/client";
import { type Failure, UNREACHABLE } from "../src/failure";
import { ScriptedDaemon } from "./scripted_daemon";
import { until } from "./until";

const PAUSES = { firstMs: 1, longestMs: 1 };
const ANSWER_MS = 500;
const unreachable = { reason: UNREACHABLE };

async function inFolder(doing: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "parleq-"));
  try {
    await doing(join(folder, "s.sock"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function linked(path: string, doing: (link: Link, lost: Failure[]) => Promise<void>): Promise<void> {
  const link = new Link(() => path, "0", PAUSES, ANSWER_MS);
  const lost: Failure[] = [];
  link.user = { connected: () => undefined, disconnected: (failure) => lost.push(failure), told: () => undefined };
  try {
    await doing(link, lost);
  } finally {
    link.dispose();
  }
}

test("a daemon that hangs is left, so that it knows that nobody listens, and is tried again", () =>
  inFolder(async (path) => {
    const daemon = new ScriptedDaemon(path);
    await daemon.start();
    await linked(path, async (link, lost) => {
      await link.reach();
      daemon.onCall = (method) => method === "session/start" && new Promise(() => undefined);
      await assert.rejects(link.call("session/start"), unreachable);
      assert.match(lost[0]?.message ?? "", /did not answer in time/);
      await daemon.called("initialize", 2);
    });
    await daemon.stop();
  }));

test("what is no message of the protocol ends the connection", () =>
  inFolder(async (path) => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket.resume()));
    await once(server.listen(path), "listening");
    await linked(path, async (link) => {
      const reached = assert.rejects(link.reach(), unreachable);
      await until(() => sockets.length > 0, "it is connected");
      sockets[0]?.write("HTTP/1.1 400 Bad Request\r\n\r\n");
      await once(sockets[0] as Socket, "close");
      await reached;
    });
    server.close();
  }));
