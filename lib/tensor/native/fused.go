package native

// #include "fused.h"
import "C"

// made returns what a function of C that makes one tensor gave.
func made(out C.pl_tensor, message *C.char) (Handle, error) { return Handle(out), failure(message) }

// Linear returns x wᵀ + b; b may be nil.
func Linear(x, w, b Handle) (Handle, error) {
	var out C.pl_tensor
	message := C.pl_linear(&out, C.pl_tensor(x), C.pl_tensor(w), C.pl_tensor(b))
	return made(out, message)
}

// Embedding returns the rows of w that ids name.
func Embedding(w, ids Handle) (Handle, error) {
	var out C.pl_tensor
	message := C.pl_embedding(&out, C.pl_tensor(w), C.pl_tensor(ids))
	return made(out, message)
}

// Dropout drops elements of x with probability p.
func Dropout(x Handle, p float64) (Handle, error) {
	var out C.pl_tensor
	message := C.pl_dropout(&out, C.pl_tensor(x), C.double(p))
	return made(out, message)
}

// AddNorm returns x + dropout(y) and its norm; without a y the norm of x and no sum, without a b the RMS norm.
func AddNorm(x, y, w, b Handle, p, eps float64) (sum, normed Handle, err error) {
	var first, second C.pl_tensor
	err = failure(C.pl_add_norm(&first, &second, C.pl_tensor(x), C.pl_tensor(y), C.pl_tensor(w), C.pl_tensor(b), C.double(p), C.double(eps)))
	return Handle(first), Handle(second), err
}

// Attention returns the means of v weighed by softmax(scale q kᵀ + bias + mask); bias and mask may be nil.
func Attention(q, k, v, bias, mask Handle, scale, p float64) (Handle, error) {
	var out C.pl_tensor
	message := C.pl_attention(&out, C.pl_tensor(q), C.pl_tensor(k), C.pl_tensor(v), C.pl_tensor(bias), C.pl_tensor(mask), C.double(scale), C.double(p))
	return made(out, message)
}

// Activation is that of a feed-forward block.
type Activation int

// The activations that there are: GELU exact, and by its tanh approximation.
const (
	ActivateReLU     Activation = C.PL_RELU
	ActivateGELU     Activation = C.PL_GELU
	ActivateGELUTanh Activation = C.PL_GELU_TANH
)

// FeedForward returns dropout(activation(x upᵀ + upBias)) downᵀ + downBias; with a gate, the activation is of x gateᵀ and multiplied with
// x upᵀ. Biases may be nil.
func FeedForward(x, gate, up, upBias, down, downBias Handle, a Activation, p float64) (Handle, error) {
	var out C.pl_tensor
	message := C.pl_feed_forward(&out, C.pl_tensor(x), C.pl_tensor(gate), C.pl_tensor(up), C.pl_tensor(upBias), C.pl_tensor(down), C.pl_tensor(downBias), C.int(a), C.double(p))
	return made(out, message)
}

// LinearCrossEntropy returns the mean cross-entropy of softmax(h wᵀ) against labels other than ignored, a share smoothing of whose
// probability is spread evenly over the vocabulary.
func LinearCrossEntropy(h, w, labels Handle, ignored int64, smoothing float64) (Handle, error) {
	var out C.pl_tensor
	message := C.pl_linear_cross_entropy(&out, C.pl_tensor(h), C.pl_tensor(w), C.pl_tensor(labels), C.int64_t(ignored), C.double(smoothing))
	return made(out, message)
}
