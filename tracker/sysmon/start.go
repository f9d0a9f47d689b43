package sysmon

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"time"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

// Interval is the time between two samples where [Options] do not say.
const Interval = 10 * time.Second

// Options say how to sample. Everything may be left out.
type Options struct {
	Every time.Duration // between samples; Interval if zero
	// Allocated tells how many bytes libtorch holds on the GPU; ok is false where it has none.
	Allocated func() (bytes int64, ok bool)
	// Labels join the context of every series, such as the rank among several processes.
	Labels map[string]string
	// Warn is told what goes wrong, once until it works again. It is called on a goroutine of its own.
	Warn func(error)

	Ticks <-chan time.Time // when to sample; every Every if nil
	Clock func() time.Time // time.Now if nil
	Root  fs.FS            // what holds proc and sys; the machine's own if nil
	PID   int              // the process to watch; this one if zero
	NVML  nvml.Interface   // the installed one if nil
}

// Start samples the machine into the run, at once and then at every tick, until stop is called, ctx ends or the run does.
// The step of a sample is the whole seconds since the run began, so that a resumed run goes on where it was. stop waits for the
// last sample and may be called again.
func Start(ctx context.Context, run *runs.Run, o Options) (stop func()) {
	if o.Warn == nil {
		o.Warn = func(error) {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		watch(ctx, run, o)
	}()
	return func() {
		cancel()
		<-done
	}
}

func watch(ctx context.Context, run *runs.Run, o Options) {
	ticks := o.Ticks
	if ticks == nil {
		every := o.Every
		if every <= 0 {
			every = Interval
		}
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		ticks = ticker.C
	}
	monitor, err := NewMonitor(o)
	if err != nil {
		o.Warn(err)
	}
	failing := false
	for {
		err := sample(ctx, monitor, run, o.Labels)
		if errors.Is(err, tracker.ErrEnded) || ctx.Err() != nil {
			break
		}
		if err != nil && !failing {
			o.Warn(err)
		}
		failing = err != nil
		select {
		case <-ctx.Done():
		case <-ticks:
		}
		if ctx.Err() != nil {
			break
		}
	}
	if err := monitor.Close(); err != nil {
		o.Warn(err)
	}
}

// sample logs one sample. What could be found out is logged even where something else could not.
func sample(ctx context.Context, monitor *Monitor, run *runs.Run, more map[string]string) error {
	samples, err := monitor.Sample()
	now := monitor.clock()
	step := int64(now.Sub(run.Started()).Seconds())
	for i := range samples {
		samples[i].Step, samples[i].Time = step, now
		if len(more) > 0 {
			labels, errLabels := samples[i].Context.Labels()
			err = errors.Join(err, errLabels)
			maps.Copy(labels, more)
			samples[i].Context = tracker.NewContext(labels)
		}
	}
	return errors.Join(err, run.LogBatch(ctx, samples))
}
