#!/usr/bin/env bash
# A real VS Code with its extension host, from the package registry alone: build.sh FOLDER
# The package of code-server holds VS Code's own server, which runs without the rest. Of its modules those three are
# compiled without which it does not start; no package's own install script runs. It takes a C++ compiler and the
# headers of Node.js 20.
set -euo pipefail
VERSION=4.100.3 # VS Code 1.100.3, the newest for Node.js 20
SHA512=abf161d833b10913610bf5a21bfeac02148a9e3ed90024d505a79e67ead68e897fff41426e5fea835967e5e719f7d8d871fa8cc59640c9670df98048a340e0a4
cd "$1"

npm pack --silent --pack-destination . "code-server@$VERSION" >/dev/null
echo "$SHA512  code-server-$VERSION.tgz" | sha512sum --check --quiet
mkdir vscode
tar -xzf "code-server-$VERSION.tgz" -C vscode --strip-components=3 package/lib/vscode
rm "code-server-$VERSION.tgz"

cd vscode # its lock is part of what was checked above, and lacks one package, which `npm ci` would not forgive
npm install --ignore-scripts --omit=dev --no-fund --no-audit --loglevel error >/dev/null
for module in native-watchdog @vscode/spdlog node-pty; do
    (cd "node_modules/$module" && npm exec --offline --call 'node-gyp rebuild') >"../${module##*/}.log" 2>&1 &
    builds+=($!)
done
for build in "${builds[@]}"; do
    wait "$build" || { tail -n 20 ../*.log >&2; exit 1; }
done
