package main

import "paperlab/lib/bench/table"

// The peers by name; their versions are in peers/requirements*.txt.
const (
	transformers = "Transformers"
	sentences    = "Sentence-Transformers"
	pythonFAISS  = "Python's FAISS"
	rougeScore   = "rouge_score"
	mlflow       = "MLflow on SQLite"
	tensorBoard  = "TensorBoard"
	trackio      = "Trackio"
	aim          = "the aim"
)

// rows is the table. What is asked for (Reach) was set from what the peers, the processor and the disk can do; where it
// says so, a faster precision of ours stands against the peer's plain one.
var rows = []table.Row{
	// An optimizer step of flan-t5-small: 4 batches of 4 texts of 256 tokens, with labels of 64, dropout on.
	{Work: "t5-step-fp32", Unit: table.Seconds, Ours: "t5-fp32", Peer: "t5_step.py fp32", PeerName: transformers, Reach: 2.8, Within: 0.01},
	{Work: "t5-step-bf16", Unit: table.Seconds, Ours: "t5-bf16", Peer: "t5_step.py bf16", PeerName: transformers + " bf16", Reach: 2.5, Within: 0.01},
	{Work: "t5-step-default", Unit: table.Seconds, Ours: "t5-bf16", Peer: "t5_step.py fp32", PeerName: transformers, Reach: 5, Within: 0.01},
	{Work: "t5-memory", Unit: table.PeakMB, Ours: "t5-fp32", Peer: "t5_step.py fp32", PeerName: transformers, Reach: 1.9, Within: 0.01},

	// A token of the study's beam search: 1,024 tokens in, 5 beams, 256 out. The ids are the answer.
	{Work: "beams-fp32", Unit: table.Milliseconds, Ours: "beams-fp32", Peer: "beams.py", PeerName: transformers, Reach: 7},
	{Work: "beams-bf16", Unit: table.Milliseconds, Ours: "beams-bf16", Peer: "beams.py", PeerName: transformers, Reach: 11, Within: table.Anything},

	// Embeddings of titles with their abstracts by MiniLM; of one short question; training steps on 20 pairs.
	{Work: "encode-fp32", Unit: table.Rate("docs"), Ours: "encode-fp32", Peer: "encode.py fp32", PeerName: sentences, Reach: 2.2, Within: 1e-3},
	{Work: "encode-bf16", Unit: table.Rate("docs"), Ours: "encode-bf16", Peer: "encode.py bf16", PeerName: sentences + " bf16", Reach: 1.9, Within: 0.02},
	{Work: "encode-one", Unit: table.Milliseconds, Ours: "encode-one", Peer: "encode.py one", PeerName: sentences, Reach: 5, Within: 1e-3},
	{Work: "encode-memory", Unit: table.PeakMB, Ours: "encode-fp32", Peer: "encode.py fp32", PeerName: sentences, Reach: 1.5, Within: 1e-3},
	{Work: "mnrl-fp32", Unit: table.Seconds, Ours: "mnrl-fp32", Peer: "mnrl.py fp32", PeerName: sentences, Reach: 2.4, Within: 0.05},
	{Work: "mnrl-bf16", Unit: table.Seconds, Ours: "mnrl-bf16", Peer: "mnrl.py fp32", PeerName: sentences, Reach: 4.5, Within: 0.05},

	// The 10 nearest of 20,000 vectors of MiniLM's size, one question at a time and 256 together; of 100,000. Exact: every vector is
	// compared, as fast as the memory gives them.
	{Work: "search-one", Unit: table.Milliseconds, Ours: "search-one", Peer: "search.py one", PeerName: pythonFAISS, Reach: 1, Within: 1e-4},
	{Work: "search-batch", Unit: table.Rate("queries"), Ours: "search-batch", Peer: "search.py batch", PeerName: pythonFAISS, Reach: 1, Within: 1e-4},
	{Work: "search-large", Unit: table.Milliseconds, Ours: "search-large", Peer: "search.py large", PeerName: pythonFAISS, Reach: 1, Within: 1e-4},

	// Texts to tokens, and scores of texts.
	{Work: "prepare-articles", Unit: table.Rate("MB"), Ours: "prepare-articles", Peer: "prepare.py", PeerName: "HF tokenizers", Reach: 20},
	{Work: "rouge", Unit: table.Rate("pairs"), Ours: "rouge", Peer: "rouge.py plain", PeerName: rougeScore, Reach: 30, Within: 1e-9},
	{Work: "rouge-stem", Unit: table.Rate("pairs"), Ours: "rouge-stem", Peer: "rouge.py stem", PeerName: rougeScore, Reach: 30, Within: 1e-9},

	// A call that logs 4 points, and points logged in batches of 1,000, on the disk when the call returns.
	{Work: "log-durable", Unit: table.Milliseconds, Ours: "bench-tracker one", Peer: "mlflow_log.py one", PeerName: mlflow, Reach: 10},
	{Work: "log-durable-aim", Unit: table.Milliseconds, Ours: "bench-tracker one", Aim: 0.5, PeerName: aim, Reach: 1},
	{Work: "log-batch", Unit: table.Rate("points"), Ours: "bench-tracker batch", Peer: "mlflow_log.py batch", PeerName: mlflow, Reach: 40},
	{Work: "log-batch-aim", Unit: table.Rate("points"), Ours: "bench-tracker batch", Aim: 200_000, PeerName: aim, Reach: 1},

	{Work: "log-batch-trackio", Unit: table.Rate("points"), Ours: "bench-tracker batch", Peer: "trackio_log.py", PeerName: trackio + ", not durable", Reach: 3},

	// A series of 100,000 points read; the table of 1,000 runs with 5 parameters and 4 series each; 100,000 scalars written into
	// an event file and read out of it.
	{Work: "read-100k", Unit: table.Milliseconds, Ours: "bench-tracker read", Peer: "mlflow_read.py series", PeerName: mlflow, Reach: 40},
	{Work: "read-100k-events", Unit: table.Milliseconds, Ours: "bench-tracker read", Peer: "tensorboard_events.py series", PeerName: tensorBoard, Reach: 15},
	{Work: "read-100k-trackio", Unit: table.Milliseconds, Ours: "bench-tracker read", Peer: "trackio_read.py series", PeerName: trackio, Reach: 5},
	{Work: "table-1000", Unit: table.Milliseconds, Ours: "bench-tracker table", Peer: "mlflow_read.py table", PeerName: mlflow, Reach: 10},
	{Work: "table-1000-trackio", Unit: table.Milliseconds, Ours: "bench-tracker table", Peer: "trackio_read.py table", PeerName: trackio, Reach: 1.3},
	{Work: "events-write", Unit: table.Rate("events"), Ours: "bench-tracker events-write", Peer: "tensorboard_events.py write", PeerName: tensorBoard, Reach: 15},
	{Work: "events-read", Unit: table.Rate("events"), Ours: "bench-tracker events-read", Peer: "tensorboard_events.py read", PeerName: tensorBoard, Reach: 15},

	// A notebook's kernel from its start to a sum of tensors, with the libraries for models loaded; and a cell there and back.
	{Work: "kernel-ready", Unit: table.Seconds, Ours: "bench-kernel ready paperlab", Peer: "bench-kernel ready ipykernel", PeerName: "ipykernel, torch, transformers", Reach: 8},
	{Work: "cell", Unit: table.Milliseconds, Ours: "bench-kernel sum paperlab", Peer: "bench-kernel sum ipykernel", PeerName: "ipykernel", Reach: 3.3},

	// One addition of small tensors: what an operation costs besides its arithmetic. Its aim is 2.5 us; Python takes 1.8.
	{Work: "op-eager", Unit: table.Microseconds, Ours: "op-eager", Peer: "eager.py", PeerName: "PyTorch", Reach: 0.72},
	{Work: "op-eager-aim", Unit: table.Microseconds, Ours: "op-eager", Aim: 2.5, PeerName: aim, Reach: 1},
}
