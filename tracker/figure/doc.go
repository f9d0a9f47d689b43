// Package figure draws what runs logged: it reads series from a store and hands them to package plots. It is the only
// place where tracker and plots meet.
package figure
