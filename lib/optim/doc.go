// Package optim moves parameters down their gradients: AdamW, learning rate schedules, gradient clipping.
//
// One step, in the order of PyTorch's trainers (clip, step, which leaves the gradients zero for the next):
//
//	norm, scale, err := optim.Clip(params, 1.0)
//	err = optimizer.Step(optim.Linear(warmup, total)(step)*5e-5, scale)
package optim
