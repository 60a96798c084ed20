#!/usr/bin/env bash
# Fetch every peer of tests/peers/ (a folder with a package.json and its lock) into .parts/ (`make parts`).
# Skipped when the lock is the one that was fetched last.
set -euo pipefail
cd "$(dirname "$0")/../.."

command -v npm >/dev/null || { echo "parts: npm was not found; on Debian and Ubuntu: apt-get install nodejs npm" >&2; exit 1; }
for peer in tests/peers/*/; do
    target=.parts/$(basename "$peer")
    if cmp -s "$peer/package-lock.json" "$target/.fetched"; then continue; fi
    echo "parts: fetching $(basename "$peer")" >&2
    rm -rf "$target"
    mkdir -p "$target"
    cp "$peer"/package.json "$peer"/package-lock.json "$peer"/.npmrc "$target"/
    npm ci --prefix "$target" --ignore-scripts --no-fund --no-audit --loglevel error >/dev/null
    cp "$target/package-lock.json" "$target/.fetched"
done
