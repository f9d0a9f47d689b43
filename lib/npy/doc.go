// Package npy keeps vectors in files of NumPy's format, which numpy.load opens: matrices of float32, a vector a row.
//
//	matrix, err := npy.Open("vectors.npy")
//	...
//	defer matrix.Close()
//	rows, err := matrix.Read(0, 10) // the first ten vectors, one after the other
//
// A [Growing] is a long one that is being written: what was appended is on the disk, and a process that takes the place of a killed one
// goes on behind it. Reference: numpy/lib/format.py, version 1.0 of the format.
package npy
