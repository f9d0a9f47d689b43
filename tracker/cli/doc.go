// Package cli holds the tracker's verbs of the command line, one file each. Misuse comes back as an error with a method
// Usage() bool that returns true; what to do about an error is in its method Hint() string, if it has one.
package cli
