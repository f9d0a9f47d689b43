// Package jsonlines writes whole runs as JSON, one object a line, and reads them again: nothing that a store keeps of a
// run is lost on the way.
//
// Each line has a "type". A run begins with a line of type "run", which holds what is known of it; then follow, in this
// order, its "point" lines, by series, oldest session first, its "text", "table", "histogram", "image", "console" and
// "artifact" lines, and at last a line of type "end", without which the run is not whole. The "content" lines behind an
// image or an artifact hold its bytes, in base64, until its size is reached. Several runs follow one another.
//
// Times are RFC 3339 in UTC, to the millisecond. NaN and infinities are the strings "NaN", "Infinity" and "-Infinity"
// where only numbers can be; in parameters and tables, where there may be texts too, they are objects such as
// {"float":"NaN"}, and a number with a point or an exponent is a float64, one without an int64. A reader passes over
// lines of a type that it does not know.
package jsonlines
