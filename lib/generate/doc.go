// Package generate lets a T5 write: greedily, or by beam search. What it writes is what generate of transformers (release
// 4.49.0) writes with the same model and settings, id by id.
//
//	out, err := generate.Generate(ctx, model, [][]int{ids}, generate.Study())
//	...
//	text := tokenizer.Decode(out[0].IDs, true)
//
// In one thing it does better: a padded batch gives each text what it gets alone, where that release lets the decoder look at
// the padding (huggingface/transformers issue 36293).
//
// [Config] has the names and the meaning of transformers' GenerationConfig. The encoder runs once; each text's keys and
// values are computed once and shared by its beams ([t5.Decoder]).
//
// Each way to search is a file: single.go follows one hypothesis, greedily or drawing ids (sample.go), beam.go several. Each setting that
// changes scores before the search sees them is a function in processors.go. [Stream] tells ids as they come.
package generate
