// Package wordpiece cuts texts into words, and words into the pieces of BERT's vocabularies, as Hugging Face tokenizers
// 0.21.4 does.
package wordpiece
