// Package rtype makes the types that notebooks declare real: for a go/types type it gives the reflect.Type that compiled
// code sees, with its name, fields and methods, so that fmt, sort, errors.As and encoding/json treat it as any other.
//
// Bound packages' types are the compiled ones. The others are made by package reflect where it can, and completed by
// writing what it cannot, names, methods and embedded fields, into type descriptors laid out as Go 1.26's internal/abi
// has them (github.com/goplus/reflectx allocates those). Methods are entered by way of package stub.
//
// A descriptor is never freed, as none of reflect's is.
package rtype
