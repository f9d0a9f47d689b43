// Package tfevents reads and writes TensorBoard's event files, without protobuf or TensorFlow: those of PyTorch's
// SummaryWriter, of TensorFlow 2 and Keras, and of W&B.
//
// One folder is one run; its event files, in the order of their names, are what was logged each time the program was
// started. A file is a sequence of records, each with its length and two checksums, and only ever grows: a [Reader] that
// comes to its end has read what was written so far and may be asked again. A [Folder] follows all files of a folder.
//
// Scalars are float32 in these files. A [Writer] rounds to them, and a Reader gives the shortest decimal that means the
// same float32: 0.1 is 0.1 again.
package tfevents
