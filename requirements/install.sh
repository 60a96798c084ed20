#!/usr/bin/env bash
# Build .venv from the locks (`make env`). Does nothing but look when the locks, pyproject.toml, the Python and the
# place of the checkout are those of the last time.  PYTHON=python3.13 chooses the interpreter; HOTKEY=1 adds pynput.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
stamp=.venv/.locks
say() { echo "env: $*" >&2; }
fail() { say "$*"; exit 1; }

command -v "$python" >/dev/null || fail "$python was not found; parleqd needs Python 3.11 or newer (PYTHON=… chooses one)"
version=$("$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3], sys.version_info >= (3, 11))')
[[ $version == *True ]] || fail "$python is Python ${version% *}; parleqd needs 3.11 or newer (PYTHON=python3.12 chooses another)"

# pynput stays once it was asked for: a later plain `make env` does not take it away.
hotkey=${HOTKEY:-}
if [[ -z $hotkey && -e .venv/.hotkey ]]; then hotkey=1; fi
wanted=$(echo "$PWD $version"; echo "hotkey=$hotkey"; cat pyproject.toml requirements/*.txt requirements/install.sh | cksum)

if [[ ! -e $stamp || $(<"$stamp") != "$wanted" ]]; then
    # A new interpreter or place makes an old environment's scripts point elsewhere.
    if [[ -e $stamp && $(head -n 1 "$stamp") != "${wanted%%$'\n'*}" ]]; then rm -rf .venv; fi
    rm -f "$stamp"
    if [[ ! -x .venv/bin/python ]]; then
        say "creating .venv with Python ${version% *}"
        rm -rf .venv
        "$python" -m venv .venv >.venv.log 2>&1 || {
            cat .venv.log >&2
            rm -rf .venv .venv.log
            fail "$python cannot create an environment; on Debian and Ubuntu: apt-get install python3-venv"
        }
        rm -f .venv.log
    fi
    export UV_PYTHON=$PWD/.venv/bin/python UV_LINK_MODE=${UV_LINK_MODE:-} UV_NO_PROGRESS=1
    [[ -n $UV_LINK_MODE ]] || unset UV_LINK_MODE

    say "fetching the installer (uv)"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: \
        -r requirements/uv.txt
    say "installing the locked packages"
    .venv/bin/uv pip sync --quiet --require-hashes --compile-bytecode --build-constraints requirements/build.txt \
        requirements/base.txt requirements/dev.txt
    if [[ -n $hotkey ]]; then
        say "building pynput's evdev"
        .venv/bin/uv pip install --quiet --require-hashes --build-constraints requirements/build.txt \
            -r requirements/hotkey-linux.txt ||
            fail "evdev did not build; on Debian and Ubuntu: apt-get install gcc python3-dev linux-libc-dev"
        touch .venv/.hotkey
    fi
    .venv/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
    echo "$wanted" >"$stamp"
fi

# Explicit, for PYTHONDONTWRITEBYTECODE may be set: start-up is budgeted with compiled bytecode. A module that does
# not compile is the business of the checks and tests.
.venv/bin/python -m compileall -qq parleqd clients || true
