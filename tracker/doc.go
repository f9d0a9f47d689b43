// Package tracker is the domain of experiment tracking: what a run, a series, a point, a text, a table, an image, a
// histogram, an artifact and a project are, and what a store of them promises. It is pure: it opens no file, starts no
// goroutine and imports no other part of Paperlab, so that every store and every view can stand on it.
//
// A [Run] is one execution of a program. It has parameters, tags and notes, it is filed under a [Project], it knows where
// it came from ([Source]) and which process keeps it alive ([Owner]). While it goes on it logs numbers: a [Series] is
// named by its run, a key such as "train/loss" and a [Context], and its [Point] values are only ever added, never
// overwritten. [Curve] says which of them a plot shows, and [Thin] which of these when they are more than it is wide. Beside
// numbers it logs [Text], [Table], [Image] and [Histogram] values and what it writes to its terminal ([Console]), of which
// [Screen] makes lines; files that it leaves behind are [Artifact] values.
//
// Programs log through package runs. Packages sqlite and postgres keep what they log: each is a [Store], from one of which
// [Copy] moves everything to another.
package tracker
