#!/usr/bin/env bash
# Brings the Python peers that `make bench` measures against into the cache folder, and links them into .build. May be
# repeated and interrupted: pip keeps what it has downloaded, and an environment counts as whole once it holds a copy of its pins.
set -euo pipefail
cd "$(dirname "$0")/../.."

build=$PWD/.build
cache=${XDG_CACHE_HOME:-$HOME/.cache}/paperlab
log=$build/bench-setup.log
mkdir -p "$build" "$cache"
: >"$log"

# Two clones share the cache: the second waits for the first.
exec 9>"$cache/peers.lock"
flock 9

# environment NAME PINS makes or completes one environment.
environment() {
    local folder=$cache/$1 pins=$2 begin=$SECONDS
    if ! cmp --silent "$pins" "$folder/pins.txt"; then
        echo "$1: installing (minutes and gigabytes the first time)"
        if ! install "$folder" "$pins" >>"$log" 2>&1; then
            tail -n 15 "$log" >&2
            echo "$1: failed; all it said is in $log. Run it again to go on from here." >&2
            exit 1
        fi
        cp "$pins" "$folder/pins.txt.part"
        mv "$folder/pins.txt.part" "$folder/pins.txt"
        echo "$1: installed ($((SECONDS - begin)) s)"
    fi
    ln -sfn "$folder" "$build/$1"
}

# install FOLDER PINS. An environment that was cut off while it was made, or whose Python is gone, is made anew.
install() {
    "$1/bin/python" -m pip --version || "$python" -m venv --clear "$1" || return
    "$1/bin/python" -m pip install --disable-pip-version-check --requirement "$2"
}

# The study's Python where it is there.
python=python3
! python3.11 --version >/dev/null 2>&1 || python=python3.11

environment peers lib/bench/peers/requirements.txt
environment peers-mlflow lib/bench/peers/requirements-mlflow.txt
