// Preloaded into the gateway, which listens on every interface and on the port it is given: here it listens on loopback
// only, on a port of the system's choice, and tells which.
"use strict";
const net = require("node:net");

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...given) {
  this.once("listening", () => console.log(`port: ${this.address().port}`));
  return listen.call(this, { port: 0, host: "127.0.0.1" }, ...given.filter((each) => typeof each === "function"));
};
