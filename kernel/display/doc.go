// Package display shows Go values in a notebook: as the MIME bundles of the Jupyter protocol, among which a front end
// picks what it can draw, text for consoles among them.
//
// [Render] turns any value into a [Bundle]: images, plots, tables, errors, and whatever knows how to show itself by one of the
// interfaces ([HTMLer], [PNGer], [Tabler], ...), which use standard types only, so that nothing imports this package to be shown.
// The functions [HTML], [Markdown], [PNG] and so on say how a string or bytes are meant; they and the interfaces are those that
// gophernotes v0.7.5 gives to its cells.
//
// Where displays go is in the context: a kernel puts a [Publisher] into it by [WithPublisher], and [Bind] makes the functions
// that a cell calls from it. [NewHandle] and [NewProgress] show what is redrawn in place, at most five times a second.
//
// Nothing in a value is executed: texts are escaped, and only what its maker calls HTML, SVG or JavaScript is sent as such.
package display
