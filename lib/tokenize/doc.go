// Package tokenize turns texts into the ids that T5 and BERT read, and ids back into text, with the same results as
// Python's tokenizers.
//
// Load reads the files of a model's folder. What each follows, to the id:
//
//	spiece.model               T5Tokenizer of transformers 4.49.0 with legacy=True, over sentencepiece 0.2.3
//	tokenizer.json, Unigram    T5TokenizerFast, tokenizers 0.21.4
//	tokenizer.json, WordPiece  BertTokenizerFast, tokenizers 0.21.4
//	vocab.txt                  BertTokenizerFast
//
// A folder with both spiece.model and tokenizer.json is read by the first, as T5Tokenizer does; the two differ where
// </s> or white space stand in a text. LoadFile names one. TrainT5 learns a new T5 vocabulary from texts.
//
// A text is only read as far as the ids that are asked for, so that cutting a long article to its first 256 ids costs
// what 256 ids cost.
//
// # Parts
//
// The subpackages are the parts: unigram (the language model of T5's pieces, its search and its training),
// sentencepiece (the spiece.model file and its normalisation), wordpiece (BERT's words and their pieces). Grapheme
// clusters, which tokenizers' Precompiled normaliser works by, are found by github.com/rivo/uniseg; canonical
// decomposition is golang.org/x/text's.
//
// github.com/sugarme/tokenizer v0.3.0 is not used. It tracks offsets that nothing here needs, so that on 1,492 abstracts
// of arXiv it encodes BERT at 0.8 MB/s (its normaliser alone at 1.5, its pre-tokenizer at 1.6) and T5 at 0.2 MB/s, where
// this package does 60 and 20 on the same core; it keeps accents where strip_accents is null (16 of 5,000 published
// cases), and has no early end. Its WordPiece model is right and does 11 MB/s, but brings a progress bar and an HTTP
// client along.
package tokenize
