#!/usr/bin/env bash
# Compile the locks: `make lock` (keeps the pins that still fit), `make lock UPGRADE=1` (the newest that fit).
# Every pin carries its hashes; no lock may name an index, a host or a path, whatever this machine is set up with.
set -euo pipefail
cd "$(dirname "$0")/.."

uv=(.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
    ${UPGRADE:+--upgrade})

"${uv[@]}" requirements/uv.in --only-binary :all: --output-file requirements/uv.txt
"${uv[@]}" requirements/build.in --only-binary :all: --output-file requirements/build.txt
"${uv[@]}" pyproject.toml --only-binary :all: --output-file requirements/base.txt
"${uv[@]}" requirements/dev.in --only-binary :all: --no-binary forbiddenfruit --output-file requirements/dev.txt
"${uv[@]}" requirements/hotkey-linux.in --output-file requirements/hotkey-linux.txt
for asked in tests/peers/*/requirements.in; do
    peer=$(dirname "$asked")
    "${uv[@]}" "$asked" --only-binary :all: --output-file "$peer/requirements.txt"
    [[ -e $peer/no-deps.in ]] || continue
    "${uv[@]}" "$peer/no-deps.in" --no-deps --constraints "$peer/requirements.txt" --output-file "$peer/no-deps.txt"
done

if grep -nE '://|^-|(^| )/' requirements/*.txt tests/peers/*/*.txt; then
    echo "a lock names an index, a host or a path: see the lines above" >&2
    exit 1
fi
