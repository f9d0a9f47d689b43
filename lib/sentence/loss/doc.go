// Package loss holds the objectives that sentence embeddings are trained by, one a file: functions of the embeddings of a batch.
package loss
