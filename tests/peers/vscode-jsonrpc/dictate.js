// A full file dictation through VS Code's own JSON-RPC library, which frames by Content-Length.
// node dictate.js LIBRARY SOCKET AUDIO: prints the result object; exits 1 when anything is not as promised.
"use strict";
const net = require("node:net");
const [library, socketPath, audio] = process.argv.slice(2);
const { createRequire } = require("node:module");
const rpc = createRequire(require("node:path").join(library, "package.json"))("vscode-jsonrpc/node");

function fail(message) {
  console.error(message);
  process.exit(1);
}

const socket = net.connect(socketPath);
socket.on("error", (error) => fail(String(error)));
socket.on("connect", async () => {
  const connection = rpc.createMessageConnection(
    new rpc.SocketMessageReader(socket),
    new rpc.SocketMessageWriter(socket),
  );
  const phases = [];
  connection.onNotification("session/state", (note) => phases.push(note.phase));
  const final = new Promise((resolve) => connection.onNotification("session/final", resolve));
  connection.listen();
  try {
    const client = { name: "vscode-jsonrpc peer", instance: "peer-" + process.pid };
    await connection.sendRequest("initialize", { client, protocol: 1 });
    await connection.sendNotification("initialized", {});
    const start = { source: "file", path: audio, pace: "fast", deliver: "return" };
    const { session_id } = await connection.sendRequest("session/start", start);
    if ((await final).session_id !== session_id) fail("the final note is about another session");
    const result = await connection.sendRequest("session/result", { session_id });
    await connection.sendRequest("session/acknowledge", { session_id, receipt: { status: "read" } });
    const expected = ["recording", "transcribing", "cleaning", "delivering"].join();
    if (phases.slice(0, 4).join() !== expected) fail(`the phases were ${phases}`);
    console.log(JSON.stringify(result));
    connection.end();
    socket.end();
  } catch (error) {
    fail(String(error));
  }
});
