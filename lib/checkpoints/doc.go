// Package checkpoints takes the results of trainings to another place: models, checkpoints and indexes, as files.
//
//	copied, err := checkpoints.Copy(ctx, "model_checkpoints", "/mnt/drive/model_checkpoints", nil)
//
// A copy is checked against what was read, and one that was interrupted goes on where it stopped.
package checkpoints
