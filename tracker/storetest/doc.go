// Package storetest says what a [tracker.Store] does, as tests that every store runs against itself.
package storetest
