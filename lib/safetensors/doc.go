// Package safetensors reads and writes model weights on disk.
//
// [Open] and [OpenFolder] give one read-only view, [Weights], over any of the four shapes in which the Hugging Face
// hub keeps a PyTorch model: one .safetensors file, a folder of shards with their index, a pytorch_model.bin, and a
// folder of those. [Write] makes a .safetensors file, byte for byte the one that Python's safetensors makes.
//
// Files are memory-mapped: opening costs the header only, and a tensor's bytes are read when they are touched.
// Nothing in a file is trusted. A safetensors header is checked as the reference implementation does it (and, as the
// format's description asks, more strictly for duplicate names); a pytorch_model.bin, which is a Python program in
// disguise, is read by an interpreter that knows the few instructions a state dict needs and refuses the rest with a
// line that says how to convert the file.
//
// The package is pure Go and knows no tensor library.
package safetensors
