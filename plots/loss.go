package plots

import (
	"fmt"

	"gonum.org/v1/plot"
)

// Loss plots training and validation losses against the step.
//
// For one run (at most one series each) training is blue and validation orange with dots, whatever the series are
// called; the run's name, if it matters, belongs in the title. For several runs each has a colour, training is a line
// and validation a line with dots of that colour; the first validation series named N belongs to the first training
// series named N, the second to the second.
//
// It returns an error if the lengths of X and Y differ or an option is out of range.
func Loss(train, validation []Series, o Options) (*plot.Plot, error) {
	f, err := newFigure("loss", o)
	if err != nil {
		return nil, err
	}
	if len(train) <= 1 && len(validation) <= 1 {
		err = f.addRun(train, validation)
	} else {
		err = f.addRuns(train, validation)
	}
	if err != nil {
		return nil, err
	}
	return f.plot(), nil
}

func (f *figure) addRun(train, validation []Series) error {
	for _, s := range train {
		look := lookOf(0, 1)
		if err := f.add(s, look, true); err != nil {
			return err
		}
		f.legend.add("training", look)
	}
	for _, s := range validation {
		look := lookOf(1, 1).dotted()
		if err := f.add(s, look, false); err != nil {
			return err
		}
		f.legend.add("validation", look)
	}
	return nil
}

// A run is known by its name and by how many runs before it have the same.
type run struct {
	name string
	nth  int
}

func (r run) String() string {
	if r.nth == 1 || r.name == "" {
		return r.name
	}
	return fmt.Sprintf("%s (%d)", r.name, r.nth)
}

func (f *figure) addRuns(train, validation []Series) error {
	of, runs := places(train, validation)
	for i, s := range train {
		if err := f.add(s, lookOf(of[i], len(runs)), true); err != nil {
			return err
		}
	}
	for i, s := range validation {
		if err := f.add(s, lookOf(of[len(train)+i], len(runs)).dotted(), false); err != nil {
			return err
		}
	}
	for i, r := range runs {
		f.legend.add(r.String(), lookOf(i, len(runs)))
	}
	if len(train) > 0 && len(validation) > 0 {
		f.legend.add("training", keyLook)
		f.legend.add("validation", keyLook.dotted())
	}
	return nil
}

// places gives each series, those of training first, the place of its run among the runs.
func places(train, validation []Series) (of []int, runs []run) {
	place := map[run]int{}
	for _, split := range [][]Series{train, validation} {
		seen := map[string]int{}
		for _, s := range split {
			seen[s.Name]++
			r := run{s.Name, seen[s.Name]}
			if _, known := place[r]; !known {
				place[r] = len(runs)
				runs = append(runs, r)
			}
			of = append(of, place[r])
		}
	}
	return of, runs
}
