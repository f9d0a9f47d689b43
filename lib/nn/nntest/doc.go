// Package nntest holds what the tests of models have in common: tensors that a peer computed, and how near to them ours have to be.
package nntest
