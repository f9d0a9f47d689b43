// Package ingest brings runs that other programs logged into a store, and brings nothing twice.
//
// [Begin] opens a run under an ID that follows from where it came from ([ID]), so that importing it again meets the same
// run. What the run holds already, equal in key, step, session, time and content, is left out; what is new is added. An
// import that broke off, or whose source has grown, is completed by doing it again.
//
// Parameters and tags that the run has already stay as they are: someone may have changed them since.
package ingest
