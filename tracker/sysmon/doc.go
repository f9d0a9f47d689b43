// Package sysmon samples the machine while a run goes on: processor, memory, disk, network and NVIDIA GPUs, into series
// named system/... of that run.
//
//	stop := sysmon.Start(ctx, run, sysmon.Options{})
//	defer stop()
//
// What a machine does not have, or does not tell, is absent: no series, never zeros. In a container whose cgroup (version 2)
// limits it, the limit is what shares are of. What goes wrong is reported and does not end the run.
package sysmon
