// Package modelcard writes the model card of a folder, README.md with the hub's YAML header, from what the files beside it
// say: the kind of the model (config.json, modules.json) and how it did at its last evaluation (trainer_state.json).
//
//	card, err := modelcard.Read("model_checkpoints/summarize/checkpoint-300")
//	card.Name = "me/papers-t5"
//	written, err := modelcard.Write("model_checkpoints/summarize/checkpoint-300", card, false)
//
// The header's fields are those of the hub's model cards: library_name, pipeline_tag, base_model, tags, metrics.
package modelcard
