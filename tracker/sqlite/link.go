package sqlite

// SQLite compiled with FTS5 needs the math library, which the driver asks for only under a build tag of its own.

// #cgo LDFLAGS: -lm
import "C"
