// A real VS Code in a browser, driven line by line: node drive.js PARTS HOME BROWSER, with extensions in HOME/extensions.
// It reads {id, where, run} from stdin and answers with {id, result} or {id, error}. `where`: "host" runs JavaScript in the
// extension host, "page" in the workbench's page, "new-window" ends the window and opens it anew (`run` is not used),
// "picture" saves a screenshot at `run`. The end of stdin ends everything.
"use strict";
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const fs = require("node:fs");
const net = require("node:net");
const path = require("node:path");
const readline = require("node:readline");

const [parts, home, browserProgram] = process.argv.slice(2);
const { chromium } = require(path.join(parts, "node_modules/playwright-core"));
const LOOKS = { viewport: { width: 1200, height: 800 }, permissions: ["clipboard-read", "clipboard-write"] };
const PATIENCE_MS = 180_000;
const BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** The extension host's side: one connection a window, the latest counts. */
class Host {
  constructor(socketPath) {
    this.waiting = new Map();
    this.server = net.createServer((socket) => this.joined(socket)).listen(socketPath);
    this.expect();
  }

  expect() {
    this.socket = new Promise((resolve) => (this.arrived = resolve));
  }

  joined(socket) {
    socket.on("error", () => undefined);
    readline.createInterface(socket).on("line", (line) => {
      const answer = JSON.parse(line);
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    });
    this.arrived(socket);
  }

  async run(id, run) {
    const answered = new Promise((resolve) => this.waiting.set(id, resolve));
    (await this.socket).write(JSON.stringify({ id, run }) + "\n");
    return await answered;
  }
}

async function server(log) {
  const folder = path.join(parts, "vscode");
  const options = ["--without-connection-token", "--accept-server-license-terms", "--telemetry-level", "off"];
  const places = ["--server-data-dir", path.join(home, "data"), "--extensions-dir", path.join(home, "extensions")];
  const command = [path.join(folder, "out/server-main.js"), "--host", "127.0.0.1", "--port", "0", ...options, ...places];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", log] });
  for await (const line of readline.createInterface(child.stdout)) {
    const port = /listening on (\d+)/.exec(line)?.[1];
    if (port) {
      child.stdout.resume();
      return { child, port };
    }
  }
  throw new Error("VS Code's server did not start");
}

async function main() {
  const host = new Host(process.env.PARLEQ_TRIAL);
  const log = fs.openSync(path.join(home, "server.log"), "w");
  const { child, port } = await server(log);
  const browser = await chromium.launch({ executablePath: browserProgram, args: [...BROWSER, ...QUIET], handleSIGTERM: false });
  const context = await browser.newContext({ ...LOOKS });
  let page;
  const open = async () => {
    host.expect();
    page = await context.newPage();
    await page.goto(`http://127.0.0.1:${port}/?folder=${path.join(home, "folder")}`, { waitUntil: "domcontentloaded" });
    await page.waitForSelector(".monaco-workbench", { timeout: PATIENCE_MS });
    await host.socket;
  };
  const deeds = {
    host: ({ id, run }) => host.run(id, run),
    page: async ({ run }) => ({ result: await page.evaluate(run) }),
    press: async ({ run }) => ({ result: await page.keyboard.press(run) }),
    picture: async ({ run }) => ({ result: void (await page.screenshot({ path: run })) }),
    "new-window": async () => {
      await page.close({ runBeforeUnload: false });
      await open();
      return {};
    },
  };
  const answer = (message) => process.stdout.write(JSON.stringify(message) + "\n");
  const serve = async (request) => {
    try {
      answer({ id: request.id, ...(await deeds[request.where](request)) });
    } catch (error) {
      answer({ id: request.id, error: String(error.stack ?? error) });
    }
  };
  const requests = readline.createInterface(process.stdin);
  const over = once(requests, "close"); // a deed that never ends must not outlive the test
  const work = async () => {
    await open();
    answer({ id: 0, result: "ready" });
    for await (const line of requests) await serve(JSON.parse(line));
  };
  try {
    await Promise.race([work(), over]);
  } finally {
    await browser.close();
    child.kill("SIGTERM");
    await once(child, "exit");
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
