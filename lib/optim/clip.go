package optim

import "paperlab/lib/nn"

// Clip returns the L2 norm of all gradients together and the factor that brings it down to limit, which [AdamW.Step]
// applies: limit/(norm+1e-6), at most 1 (torch.nn.utils.clip_grad_norm_). A limit of 0 or less never clips. A norm that
// is NaN or infinite gives the factor that PyTorch's arithmetic gives, NaN or 0.
func Clip(p *nn.Parameters, limit float64) (norm, scale float64, err error) {
	norm, err = p.GradNorm()
	if err != nil || limit <= 0 {
		return norm, 1, err
	}
	return norm, min(1, limit/(norm+1e-6)), nil
}
