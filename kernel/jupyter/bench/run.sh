#!/usr/bin/env bash
# Measures the kernel beside ipykernel and stock gophernotes in one run, and prints a table; its arguments are those of
# compare.py. It needs what make build leaves.
set -euo pipefail
cd "$(dirname "$0")/../../.."

# gophernotes as it is published, with the versions of its own go.mod, in a module of its own. Our checksums cover its
# older parts, which not every checksum database knows.
stock=.build/gophernotes
if [[ ! -x $stock/gophernotes ]]; then
    mkdir -p "$stock"
    (
        cd "$stock"
        cp ../../go.sum .
        [[ -e go.mod ]] || go mod init stock
        go get github.com/gopherdata/gophernotes@v0.7.5
        go build -o gophernotes github.com/gopherdata/gophernotes
    )
fi

exec .build/jupyter/bin/python kernel/jupyter/bench/compare.py "$@"
