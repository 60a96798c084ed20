// SPDX-License-Identifier: Apache-2.0
/** A daemon whose answers a test decides: sessions begin, and their results come when the test says so. */

import { createServer, type Server, type Socket } from "node:net";
import { createMessageConnection, ResponseError, SocketMessageReader, SocketMessageWriter } from "vscode-jsonrpc/node";
import type { MessageConnection } from "vscode-jsonrpc/node";

import { until } from "./until";

interface Params {
  session_id?: string;
  [name: string]: unknown;
}

export class ScriptedDaemon {
  readonly calls: [method: string, params: Params][] = [];
  protocol = 1;
  /** What waits for anybody, and for this client's instance. */
  pending: object[] = [];
  own: object[] = [];
  last: object | undefined;
  /** What happens before a call is answered. */
  onCall: (method: string) => unknown = () => undefined;
  /** Methods that are refused, and why. */
  readonly refused = new Map<string, string>();
  private readonly finished = new Map<string, object>();
  private readonly waiting = new Map<string, (answer: object) => void>();
  private readonly connections = new Map<Socket, MessageConnection>();
  private server: Server | undefined;
  private sessions = 0;

  constructor(readonly path: string) {}

  async start(): Promise<void> {
    this.server = createServer((socket) => this.serve(socket));
    await new Promise<void>((resolve) => this.server?.listen(this.path, resolve));
  }

  /** As a daemon that dies: every connection ends, and nobody listens. */
  async stop(): Promise<void> {
    this.waiting.clear();
    for (const [socket, connection] of this.connections) {
      connection.dispose();
      socket.destroy();
    }
    this.connections.clear();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  /** The params of every call of a method. */
  of(method: string): Params[] {
    return this.calls.filter(([name]) => name === method).map(([, params]) => params);
  }

  async called(method: string, times = 1): Promise<Params> {
    await until(() => this.of(method).length >= times, `${method} is called ${times} times`);
    return this.of(method).at(-1) as Params;
  }

  tell(method: string, params: Params): void {
    for (const connection of this.connections.values()) void connection.sendNotification(method, params);
  }

  /** The result of a session is there. */
  finish(session: string, text: string, more: object = {}): void {
    const usual = { verdict: text ? "speech" : "silence", fallback: null, warnings: [], baseline: null };
    const result = { session_id: session, text, audio_seconds: 3, ...usual, ...more };
    this.finished.set(session, result);
    this.waiting.get(session)?.(result);
  }

  private serve(socket: Socket): void {
    const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    connection.onRequest(async (method, params) => await this.answer(method, (params ?? {}) as Params));
    connection.onClose(() => this.connections.delete(socket));
    socket.on("error", () => undefined);
    this.connections.set(socket, connection);
    connection.listen();
  }

  private async answer(method: string, params: Params): Promise<object> {
    this.calls.push([method, params]);
    await this.onCall(method);
    const reason = this.refused.get(method);
    if (reason) throw new ResponseError(-32000, `refused: ${reason}`, { reason, hint: "" });
    switch (method) {
      case "initialize":
        return { server: { name: "scripted", version: "1" }, protocol: this.protocol, pending: this.own };
      case "session/start":
      case "session/recover":
        return { session_id: `s${++this.sessions}` };
      case "session/result":
        return await this.result(params.session_id ?? "");
      case "session/pending":
        return { sessions: this.pending };
      case "history/last":
        return this.last ?? {};
      default:
        return {};
    }
  }

  private async result(session: string): Promise<object> {
    const there = this.finished.get(session);
    return there ?? (await new Promise<object>((resolve) => this.waiting.set(session, resolve)));
  }
}
