// Package tracker is the domain of experiment tracking: what a run, a series, a point, a text and an artifact are, and
// what a store of them promises. It is pure: it opens no file, starts no goroutine and imports no other part of
// Paperlab, so that every store and every view can stand on it.
//
// A [Run] is one execution of a program. It has parameters, tags and notes, it knows where it came from ([Source]) and
// which process keeps it alive ([Owner]). While it goes on it logs numbers: a [Series] is named by its run, a key such
// as "train/loss" and a [Context], and its [Point] values are only ever added, never overwritten. [Curve] says which of
// them a plot shows.
//
// Programs log through package runs; package sqlite keeps what they log.
package tracker
