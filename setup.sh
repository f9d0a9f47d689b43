#!/usr/bin/env bash
# What `make setup` runs: brings what Paperlab is built on into the cache folder and links it into .build; `./setup.sh bench` brings the
# peers of `make bench` beside.
# May be repeated and interrupted: each thing is made beside its place and renamed into it once it is whole.
if [[ $(uname -sm) != "Linux x86_64" ]]; then
    echo "setup: Paperlab runs on Linux x86_64, this is $(uname -sm): open the folder in the container of .devcontainer/ instead" >&2
    exit 1
fi

set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")"

root=$PWD
build=$root/.build
cache=${XDG_CACHE_HOME:-$HOME/.cache}/paperlab
log=$build/setup.log

mkdir -p "$build/bin" "$cache"

# Two clones share the cache: the second waits for the first.
exec 9>"$cache/setup.lock"
flock 9
: >"$log"

# step WHAT FUNCTION runs one part with its output in the log and prints one line about it.
# The part says on descriptor 3 what it did.
step() {
    local what=$1 part=$2 begin=${EPOCHREALTIME/./} status=0 did
    printf '%-34s ' "$what"
    set +e
    did=$(set -e; "$part" 3>&1 >>"$log" 2>&1 </dev/null 9>&-)
    status=$?
    set -e
    printf '%s (%d.%d s)\n' "${did:-failed}" $(((${EPOCHREALTIME/./} - begin) / 1000000)) $(((${EPOCHREALTIME/./} - begin) / 100000 % 10))
    if ((status)); then
        tail -n 15 "$log" >&2
        echo "setup: $what failed; all it said is in $log. Run it again to go on from here." >&2
        exit 1
    fi
}

# has_gpu tells whether this machine has an NVIDIA GPU with its driver.
has_gpu() { [[ -e /dev/nvidiactl ]] || nvidia-smi -L >/dev/null 2>&1; }

# wheel NAME VERSION SHA256 downloads a Python package for Linux x86_64, checked by pip, and prints the file's path.
wheel() {
    local file=$cache/downloads/$1-$2.whl
    if [[ ! -e $file ]]; then
        local part=$file.part
        mkdir -p "$part"
        echo "$1==$2 --hash=sha256:$3" >"$part/requirements.txt"
        python3 -m pip download --no-deps --no-cache-dir --only-binary=:all: --implementation cp --python-version 3.11 --abi cp311 \
            --platform manylinux1_x86_64 --platform manylinux2014_x86_64 --require-hashes --requirement "$part/requirements.txt" --dest "$part" >&2
        mv "$part"/*.whl "$file"
        rm -r "$part"
    fi
    echo "$file"
}

# unpack WHEEL PREFIX PATTERN FOLDER [EXCEPT] writes the files of a wheel that match PREFIX/PATTERN, but not EXCEPT,
# into FOLDER, without the prefix. The patterns are the shell's; their * crosses slashes.
unpack() {
    python3 - "$@" <<'PYTHON'
import fnmatch, pathlib, shutil, sys, zipfile

wheel, prefix, pattern, folder, *skip = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        inner = name.removeprefix(prefix + "/")
        if inner == name or name.endswith("/") or not fnmatch.fnmatch(inner, pattern):
            continue
        if any(fnmatch.fnmatch(inner, s) for s in skip):
            continue
        target = pathlib.Path(folder, inner)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as source, open(target, "wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
PYTHON
}

# apt_install PACKAGE... installs Debian packages, where there is apt and the right to use it.
apt_install() {
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get)
    ((EUID == 0)) || apt=(sudo -n "${apt[@]}")
    command -v apt-get && "${apt[@]}" --version || return
    # A fresh container has no package lists yet, and old lists name packages that are gone.
    "${apt[@]}" install --yes --no-install-recommends "$@" ||
        { "${apt[@]}" update && "${apt[@]}" install --yes --no-install-recommends "$@"; }
}

# packages sees to the tools that the other steps and cgo need; apt is asked only for what is missing.
packages() {
    local missing=()
    command -v g++ || missing+=(g++)
    command -v make || missing+=(make)
    command -v cmake || missing+=(cmake)
    python3 -c 'import pip, venv, ensurepip' || missing+=(python3-pip python3-venv)
    [[ -e $openblas ]] || missing+=(libopenblas-serial-dev)
    if ((${#missing[@]} == 0)); then
        echo "there" >&3
        return
    fi

    if ! apt_install "${missing[@]}"; then
        echo "missing: ${missing[*]}; bring them with: sudo apt-get install ${missing[*]}" >&3
        return 1
    fi
    echo "installed ${missing[*]}" >&3
}

modules() {
    if ! command -v go; then
        echo "missing: Go 1.26 or newer on PATH" >&3
        return 1
    fi
    go mod download
    echo "in Go's module cache" >&3
}

# environment links what was brought into .build and writes .build/env.sh, which a shell sources to build and test.
# The paths in it are the cache's, the same for all clones, so that they share Go's build cache.
environment() {
    ln -sfn "$libtorch" "$build/libtorch"
    ln -sfn "$faiss" "$build/faiss"
    ln -sfn "$minilm" "$build/all-MiniLM-L6-v2"
    ln -sfn "$jupyter" "$build/jupyter"
    ln -sfn "$postgres" "$build/postgres"
    ln -sfn ../jupyter/bin/jupyter "$build/bin/jupyter"

    local data=$root/../shared/data
    {
        echo "# Written by setup.sh; to be sourced. Go's own commands work in a shell that has it."
        echo "export CGO_CFLAGS='-O2 -g -DSQLITE_ENABLE_FTS5'"
        echo "export CGO_CXXFLAGS='-O2 -D_GLIBCXX_USE_CXX11_ABI=$(libtorch_abi) -I$libtorch/include -I$libtorch/include/torch/csrc/api/include'"
        echo "export CGO_LDFLAGS='-L$libtorch/lib -L$stubs -Wl,--as-needed -Wl,-rpath,$libtorch/lib -Wl,-rpath,$faiss/lib'"
        echo "export C_INCLUDE_PATH='$faiss/include' LIBRARY_PATH='$faiss/lib'"
        echo "# Two OpenMP programs that spin on the same cores slow each other down tenfold."
        echo "export OMP_WAIT_POLICY=passive"
        echo "export PATH='$build/bin':\"\$PATH\""
        echo "# Where make lab installs the kernel, so that nothing is written into anybody's home."
        echo "export JUPYTER_PATH='$build/share/jupyter'\"\${JUPYTER_PATH:+:\$JUPYTER_PATH}\""
        [[ ! -d $data ]] || echo "export PAPERLAB_DATA=\"\${PAPERLAB_DATA:-$(cd "$data" && pwd)}\""
    } >"$build/env.sh.part"
    mv "$build/env.sh.part" "$build/env.sh"
    echo "written" >&3
}

. lib/tensor/setup.sh
. lib/vector/faiss/setup.sh
. lib/hub/setup.sh
. kernel/jupyter/setup.sh
. tracker/postgres/setup.sh
. peers/setup.sh

step "system packages" packages
step "Go modules" modules
step "libtorch 2.1.2 for ${libtorch_for}" setup_libtorch
step "FAISS ${faiss_version} with its C interface" setup_faiss
step "all-MiniLM-L6-v2" setup_minilm
step "Jupyter" setup_jupyter
step "Chromium, for tests in a browser" setup_chromium
step "PostgreSQL 16.2, for tests" setup_postgres
step "Python peers, for tests" setup_peers
if [[ ${1:-} == bench ]]; then step "Python peers, for make bench" setup_bench_peers; fi
step ".build and its env.sh" environment
rm -rf "$cache/downloads"
