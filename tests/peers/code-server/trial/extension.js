// What a test asks for, run in the extension host: JavaScript comes in over a socket, one JSON text a line, and its
// result goes back. `kept` lives as long as the window.
"use strict";
const net = require("node:net");
const readline = require("node:readline");
const vscode = require("vscode");

const Asynchronous = (async () => undefined).constructor;

exports.activate = () => {
  const kept = {};
  const socket = net.connect(process.env.PARLEQ_TRIAL);
  readline.createInterface(socket).on("line", async (line) => {
    const { id, run } = JSON.parse(line);
    let answer;
    try {
      answer = { id, result: await new Asynchronous("vscode", "kept", run)(vscode, kept) };
    } catch (error) {
      answer = { id, error: String(error.stack ?? error) };
    }
    socket.write(JSON.stringify(answer) + "\n");
  });
};
