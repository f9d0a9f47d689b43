// Package unigram cuts texts into the pieces of a vocabulary by a unigram language model, and learns such vocabularies
// (Kudo, "Subword Regularization", ACL 2018). It knows nothing of files or of how texts are normalised before.
package unigram
