// Package sentencepiece reads and writes the spiece.model files of SentencePiece's unigram models, and normalises texts as
// they say. Files come from other people: whatever is wrong in one is an error, never a panic.
package sentencepiece
