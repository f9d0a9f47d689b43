#!/usr/bin/env bash
# Builds what measures and prints the table; its arguments are those of the program (lib/bench/main.go).
set -euo pipefail
cd "$(dirname "$0")/../.."

go build -o .build/bin/bench ./lib/bench
go build -o .build/bin/bench-tracker ./tracker/bench
exec .build/bin/bench "$@"
