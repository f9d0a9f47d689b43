package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

// glance is how often runs tail looks for news.
const glance = 250 * time.Millisecond

func tailCommand() *cobra.Command {
	var flags common
	var lines int
	cmd := &cobra.Command{
		Use:   "tail RUN",
		Short: "Show what a run logs and prints, until it ends",
		Long: `Show what a run logs and prints, until it ends: first the last of what there is. Samples of the machine (system/...) are
left out, but not from JSON.` + naming,
		Example: `  paperlab runs tail latest
  paperlab runs tail baseline --lines -1 --json | jq 'select(.key == "eval/loss")'`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return flags.withExisting(cmd.Context(), func(store tracker.Store) error {
				id, err := runs.Find(cmd.Context(), store, args[0])
				if err != nil {
					return err
				}
				first := true
				return runs.Follow(cmd.Context(), store, id, glance, func(news runs.News) error {
					events := eventsOf(news)
					if first && lines >= 0 {
						events = events[max(0, len(events)-lines):]
					}
					first = false
					return printEvents(cmd, news, events, flags.json)
				})
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().IntVarP(&lines, "lines", "n", 10, "how many points, texts and pieces of output of what there is already; -1 for all")
	return cmd
}

// event is a thing that happened in a run, as --json prints it.
type event struct {
	Type    string          `json:"type"` // point, text or console
	Time    time.Time       `json:"time"`
	Key     string          `json:"key,omitempty"`
	Context tracker.Context `json:"context,omitempty"`
	Step    *int64          `json:"step,omitempty"`
	Value   *tracker.Number `json:"value,omitempty"`
	Stream  string          `json:"stream,omitempty"`
	Text    string          `json:"text,omitempty"`
}

// eventsOf puts all news in one order.
func eventsOf(news runs.News) []event {
	var events []event
	for _, s := range news.Samples {
		value := tracker.Number(s.Value)
		events = append(events, event{Type: "point", Time: s.Time, Key: s.Key, Context: s.Context, Step: &s.Step, Value: &value})
	}
	for _, t := range news.Texts {
		events = append(events, event{Type: "text", Time: t.Time, Key: t.Key, Step: &t.Step, Text: t.Body})
	}
	for _, c := range news.Console {
		events = append(events, event{Type: "console", Time: c.Time, Stream: c.Stream, Text: c.Text})
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.Time.Compare(b.Time) })
	return events
}

func printEvents(cmd *cobra.Command, news runs.News, events []event, asJSON bool) error {
	if asJSON {
		for _, e := range events {
			if err := printJSON(cmd, e); err != nil {
				return err
			}
		}
		if news.Run.Status.Ended() {
			return printJSON(cmd, struct {
				Type   string         `json:"type"`
				Time   time.Time      `json:"time"`
				Status tracker.Status `json:"status"`
			}{"end", news.Run.Ended, news.Run.Status})
		}
		return nil
	}
	for len(events) > 0 {
		text, rest := events[0].line(events[1:])
		if events = rest; text == "" {
			continue
		}
		if _, err := fmt.Fprintln(cmd.OutOrStdout(), text); err != nil {
			return err
		}
	}
	if !news.Run.Status.Ended() {
		return nil
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s after %s\n", news.Run.Status, news.Run.Ended.Sub(news.Run.Started).Round(time.Second))
	return err
}

// line writes an event for people, points together with those of the same step that follow. It returns the events that
// are left.
func (e event) line(next []event) (string, []event) {
	at := e.Time.Local().Format(time.TimeOnly)
	switch e.Type {
	case "console":
		return strings.Join(tracker.Screen([]tracker.Console{{Stream: e.Stream, Text: e.Text}}), "\n"), next
	case "text":
		return fmt.Sprintf("%s  step %d  %s:\n%s", at, *e.Step, e.Key, e.Text), next
	}
	var b strings.Builder
	for {
		if !strings.HasPrefix(e.Key, "system/") {
			fmt.Fprintf(&b, "  %s=%.6g", seriesName(tracker.Series{Key: e.Key, Context: e.Context}), float64(*e.Value))
		}
		if len(next) == 0 || next[0].Type != "point" || *next[0].Step != *e.Step {
			break
		}
		e, next = next[0], next[1:]
	}
	if b.Len() == 0 {
		return "", next
	}
	return fmt.Sprintf("%s  step %d%s", at, *e.Step, b.String()), next
}
