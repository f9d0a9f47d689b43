// Empty: a package with functions that have no body, here those of runtime.go, needs an assembly file.
