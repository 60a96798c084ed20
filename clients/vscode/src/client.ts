// SPDX-License-Identifier: Apache-2.0
/** The connection to the daemon, made when it is needed, and made again whenever it is lost. */

import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from "vscode-jsonrpc/node";
import type { MessageConnection } from "vscode-jsonrpc/node";

import { Failure, failureOf, MISMATCH, UNREACHABLE } from "./failure";
import { checkSocket, userId } from "./place";
import { type Introduced, type Note, PROTOCOL } from "./protocol";

const NAME = "parleq-vscode";
const ANSWER_MS = 15_000;

/** Who the link is for. */
export interface User {
  /** The daemon is there, and calls can be made. */
  connected(introduced: Introduced): void;
  /** The connection has ended; told once until there is one again. */
  disconnected(failure: Failure): void;
  told(method: string, note: Note): void;
}

export interface Pauses {
  firstMs: number;
  longestMs: number;
}

export class Link {
  /** Stays the same over all connections of this window: what was dictated over one belongs to the next as well. */
  readonly instance = randomUUID();
  user: User | undefined;

  private connection: MessageConnection | undefined;
  private attempt: Promise<void> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private pauseMs: number;
  private closed = false;

  constructor(
    private readonly path: () => string,
    private readonly version: string,
    private readonly pauses: Pauses = { firstMs: 200, longestMs: 5000 },
    private readonly answerMs = ANSWER_MS,
  ) {
    this.pauseMs = pauses.firstMs;
  }

  get up(): boolean {
    return this.connection !== undefined;
  }

  /** Connects, where there is no connection, now. Throws Failure. */
  async reach(): Promise<void> {
    if (this.connection) return;
    this.attempt ??= this.open().finally(() => (this.attempt = undefined));
    await this.attempt;
  }

  /** Connects as soon as there is a daemon, however long that takes, unless it is one of another protocol. */
  keepTrying(): void {
    this.reach().catch((error: unknown) => {
      if (this.closed) return;
      const failure = failureOf(error);
      if (failure.reason === MISMATCH) this.user?.disconnected(failure);
      else this.tryLater();
    });
  }

  /**
   * The result of a request; `withinMs` 0 waits for ever. Throws Failure, at once while there is no connection.
   * A daemon that does not answer in time is left: nobody knows what it did, and the next handshake tells.
   */
  async call<Result>(method: string, params: object = {}, withinMs = this.answerMs): Promise<Result> {
    const { connection } = this;
    if (!connection) throw new Failure(UNREACHABLE, "there is no connection to parleqd");
    try {
      return await asked<Result>(connection, method, params, withinMs);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.reason === UNREACHABLE) this.lost(connection, failure);
      throw failure;
    }
  }

  /** Ends this connection, and makes another one: the path may have changed. */
  restart(): void {
    if (!this.connection) return;
    this.connection.dispose();
    this.lost(this.connection, new Failure(UNREACHABLE, "the socket's path has changed"));
  }

  dispose(): void {
    this.closed = true;
    clearTimeout(this.retry);
    this.connection?.end();
    this.connection?.dispose();
    this.connection = undefined;
  }

  private async open(): Promise<void> {
    const path = this.path();
    await checkSocket(path, userId());
    const socket = await opened(path);
    const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    connection.onNotification((method, params) => this.user?.told(method, (params ?? {}) as Note));
    connection.onError(([error]) => {
      if ("code" in error) return; // the system's own: the end of the connection follows
      connection.dispose(); // after what is no message, nobody knows where the next one begins
      this.lost(connection, new Failure(UNREACHABLE, "what came from parleqd's socket is no message of the protocol"));
    });
    connection.onClose(() => this.lost(connection, new Failure(UNREACHABLE, "parleqd has gone: it was stopped, or it died")));
    connection.listen();
    let introduced: Introduced;
    try {
      introduced = await this.introduce(connection);
    } catch (error) {
      connection.dispose();
      socket.destroy();
      throw error;
    }
    if (this.closed) {
      connection.dispose();
      return;
    }
    clearTimeout(this.retry);
    this.connection = connection;
    this.pauseMs = this.pauses.firstMs;
    this.user?.connected(introduced);
  }

  private async introduce(connection: MessageConnection): Promise<Introduced> {
    const introduced = await asked<Introduced>(
      connection,
      "initialize",
      {
        client: { name: NAME, version: this.version, instance: this.instance },
        protocol: PROTOCOL,
        capabilities: { insert: false, partials: true },
      },
      this.answerMs,
    );
    if (introduced.protocol !== PROTOCOL) {
      throw new Failure(
        MISMATCH,
        `parleqd speaks protocol ${introduced.protocol}, and this extension ${PROTOCOL}`,
        "install both from one release",
      );
    }
    await connection.sendNotification("initialized", {});
    return introduced;
  }

  private lost(connection: MessageConnection, failure: Failure): void {
    if (this.connection !== connection) return;
    this.connection = undefined;
    connection.dispose(); // every call that waits is refused by that
    this.user?.disconnected(failure);
    this.tryLater();
  }

  private tryLater(): void {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.keepTrying(), this.pauseMs);
    this.pauseMs = Math.min(2 * this.pauseMs, this.pauses.longestMs);
  }
}

async function asked<Result>(
  connection: MessageConnection,
  method: string,
  params: object,
  withinMs: number,
): Promise<Result> {
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    if (!withinMs) return;
    const hint = "it hangs or is stopped: end that process, then start it again";
    deadline = setTimeout(() => reject(new Failure(UNREACHABLE, "parleqd did not answer in time", hint)), withinMs);
  });
  try {
    return await Promise.race([connection.sendRequest<Result>(method, params), late]);
  } catch (error) {
    throw failureOf(error);
  } finally {
    clearTimeout(deadline);
  }
}

async function opened(path: string): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const socket = connect(path);
    const refused = (error: Error & { code?: string }): void => {
      const why = error.code === "ECONNREFUSED" ? "a socket is left there, but no process listens" : error.message;
      reject(new Failure(UNREACHABLE, `no parleqd at ${path}: ${why}`));
    };
    socket.once("error", refused);
    socket.once("connect", () => {
      socket.off("error", refused);
      resolve(socket);
    });
  });
}
