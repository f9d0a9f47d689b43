// Package cli holds the kernel's verbs and what it tells the doctor verb.
package cli
