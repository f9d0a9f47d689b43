// Package page turns a notebook into one HTML page that needs nothing else: text typeset, Go colored, images inlined, with
// a table of contents, for light and dark screens and for paper.
//
// A notebook is somebody else's data. Nothing in it runs when the page is opened: HTML in its texts and outputs passes a
// sanitizer, pictures in SVG become images, and the page's policy forbids scripts and anything fetched. See [Options.Trust].
package page
