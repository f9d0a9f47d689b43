// Package dist joins processes, on one machine or several, into a [Group] that trains together: the ranks add up gradients, hand each
// other tensors and wait for one another, through c10d, PyTorch's own engine, with gloo or NCCL beneath it. Torchrun, Slurm and Kubernetes start
// them as they start PyTorch, by the environment variables RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT; ranks of
// Python's torch.distributed may be among them.
//
//	group, err := dist.FromEnv(ctx, dist.Options{}) // nil where this process is alone
//	defer group.Close()
//	err = group.AllReduce(ctx, gradients)
//
// Every operation is one that all ranks begin, in the same order. One that fails, is cancelled or takes longer than [Options].Timeout
// leaves the ranks apart for good: the group is dead, and every later call says so.
//
// Gloo works on the processor; tensors on a GPU are copied there and back. With [NCCL] or [Auto] as backend, tensors on GPUs are added up
// where they are, if every rank has a GPU of its own: set-up brings NCCL with libtorch's CUDA half where there is an NVIDIA GPU.
// The ranks are then Paperlab's alone, since NCCL's protocol is that of one version.
package dist
