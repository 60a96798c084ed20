#!/usr/bin/env bash
# Fetch every peer of tests/peers/, and what the VS Code client is built with, into .parts/ (`make parts`), or those that
# are named: a folder with a package-lock.json by npm, one with a requirements.txt into a Python environment of its own;
# a build.sh does what is left. Skipped when the locks are the ones that were fetched last.
set -euo pipefail
shopt -s nullglob
cd "$(dirname "$0")/../.."

fail() { echo "parts: $*" >&2; exit 1; }
fetch_npm() {
    command -v npm >/dev/null || fail "npm was not found; on Debian and Ubuntu: apt-get install nodejs npm"
    mkdir -p "$2"
    cp "$1"/package.json "$1"/package-lock.json "$1"/.npmrc "$2"/
    npm ci --prefix "$2" --ignore-scripts --no-fund --no-audit --loglevel error >/dev/null
}
# `sync` installs what the locks list and follows no dependency: what is left out there is left out here.
fetch_python() {
    [[ -x .venv/bin/uv ]] || fail "the installer is missing; first: make env"
    .venv/bin/uv venv --quiet --python .venv/bin/python "$2"
    .venv/bin/uv pip sync --quiet --require-hashes --only-binary :all: --compile-bytecode --python "$2/bin/python" \
        "$1"/*.txt
}

for name; do
    [[ -d tests/peers/$name || -f clients/$name/package-lock.json ]] || fail "there is no tests/peers/$name"
done
for lock in tests/peers/*/package-lock.json clients/*/package-lock.json tests/peers/*/requirements.txt; do
    peer=$(dirname "$lock")
    if [[ $# -gt 0 && " $* " != *" $(basename "$peer") "* ]]; then continue; fi
    target=.parts/$(basename "$peer")
    wanted=$(cat "$peer"/*lock.json "$peer"/*.txt "$peer"/build.sh* | cksum)
    if [[ -e $target/.fetched && $(<"$target/.fetched") == "$wanted" ]]; then continue; fi
    echo "parts: fetching $(basename "$peer")" >&2
    rm -rf "$target"
    if [[ $lock == *.json ]]; then fetch_npm "$peer" "$target"; else fetch_python "$peer" "$target"; fi
    if [[ -x $peer/build.sh ]]; then "$peer/build.sh" "$target"; fi
    echo "$wanted" >"$target/.fetched"
done
