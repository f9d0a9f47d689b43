package live

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"paperlab/kernel/display"
	"paperlab/lib/train"
	"paperlab/plots"
)

// losses is what was measured during a training.
type losses struct {
	everyStep            bool // nothing is logged: the steps' own losses make the curve
	training, validation plots.Series
	logged               []train.Logged
	evaluated            []train.Evaluated
}

func (l *losses) step(e train.Step) {
	if l.everyStep {
		add(&l.training, e.Step, e.Loss)
	}
}

func (l *losses) log(e train.Logged) {
	l.logged = append(l.logged, e)
	add(&l.training, e.Step, e.Loss)
}

func (l *losses) evaluate(e train.Evaluated) {
	l.evaluated = append(l.evaluated, e)
	add(&l.validation, e.Step, e.Loss)
}

func add(s *plots.Series, step int, loss float64) {
	s.X, s.Y = append(s.X, float64(step)), append(s.Y, loss)
}

// table has the evaluations, or the logged losses where there are none.
func (l *losses) table() (table display.Table, ok bool) {
	switch {
	case len(l.evaluated) > 0:
		return l.evaluations(), true
	case len(l.logged) > 0:
		return l.logs(), true
	}
	return display.Table{}, false
}

func (l *losses) evaluations() display.Table {
	metrics := map[string]bool{}
	for _, e := range l.evaluated {
		for name := range e.Metrics {
			metrics[name] = true
		}
	}
	names := slices.Sorted(maps.Keys(metrics))
	table := display.Table{Header: []string{"step", "epoch", "training loss", "validation loss"}}
	for _, name := range names {
		table.Header = append(table.Header, strings.ReplaceAll(name, "_", " "))
	}
	best := -1
	for i, e := range l.evaluated {
		if e.Best {
			best = i
		}
	}
	evaluated, from := newest(l.evaluated, &table, "evaluations")
	for i, e := range evaluated {
		row := []string{strconv.Itoa(e.Step), epoch(e.Epoch), number(e.TrainingLoss), number(e.Loss)}
		for _, name := range names {
			text := ""
			if value, ok := e.Metrics[name]; ok {
				text = number(value)
			}
			row = append(row, text)
		}
		if from+i == best {
			row = append(row, "best")
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

func (l *losses) logs() display.Table {
	table := display.Table{Header: []string{"step", "epoch", "training loss"}}
	logged, _ := newest(l.logged, &table, "logged losses")
	for _, e := range logged {
		table.Rows = append(table.Rows, []string{strconv.Itoa(e.Step), epoch(e.Epoch), number(e.Loss)})
	}
	return table
}

// shownRows is how many rows of a long training are shown: those of its end.
const shownRows = 20

// newest returns the last rows and where they begin, and says in the caption that there are more.
func newest[E any](all []E, table *display.Table, things string) (shown []E, from int) {
	if from = len(all) - shownRows; from <= 0 {
		return all, 0
	}
	table.Caption = fmt.Sprintf("the last %d of %d %s", shownRows, len(all), things)
	return all[from:], from
}

func measuredTable(metrics map[string]float64) display.Table {
	table := display.Table{Caption: "the best model", Header: []string{"metric", "value"}}
	for _, name := range slices.Sorted(maps.Keys(metrics)) {
		table.Rows = append(table.Rows, []string{name, number(metrics[name])})
	}
	return table
}

func epoch(x float64) string {
	return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64)
}

// number writes six decimals, as HF's notebook callback does.
func number(x float64) string {
	switch {
	case math.IsNaN(x):
		return "NaN"
	case math.Abs(x) >= 1e6:
		return strconv.FormatFloat(x, 'g', 7, 64)
	}
	return strconv.FormatFloat(x, 'f', 6, 64)
}
