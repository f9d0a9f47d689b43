package display_test

import (
	"context"
	"fmt"
	"strings"

	"paperlab/kernel/display"
)

// console is a publisher that prints what a console would show.
type console struct{}

func (console) Publish(m display.Message) error {
	text, _, _ := strings.Cut(fmt.Sprint(m.Data[display.MIMETypeText]), "  in ") // how long a bar took differs from run to run
	fmt.Printf("%s:\n%s\n", m.Kind, text)
	return nil
}

// What a kernel does for a cell, and what the cell then calls.
func Example() {
	ctx := display.WithPublisher(context.Background(), console{})
	cell := display.Bind(ctx)

	type paper struct {
		Title string
		Year  int
	}
	if err := cell.Display([]paper{{"Attention", 2017}, {"BERT", 2018}}, display.Markdown("*two* papers")); err != nil {
		fmt.Println(err)
	}
	// Output:
	// display_data:
	// []display_test.paper, 2 rows × 2 columns
	//    Title      Year
	// ────────────────────
	// 0  Attention  2017
	// 1  BERT       2018
	// display_data:
	// *two* papers
}

// A value shows itself by its methods, whose types are the standard library's.
func ExampleRender() {
	b := display.Render(temperature(21.5))
	fmt.Println(b.Data["text/plain"])
	fmt.Println(b.Data["text/html"])
	// Output:
	// 21.5 °C
	// <b>21.5</b> °C
}

type temperature float64

func (t temperature) String() string { return fmt.Sprintf("%.1f °C", float64(t)) }
func (t temperature) HTML() string   { return fmt.Sprintf("<b>%.1f</b> °C", float64(t)) }

// A bar over a loop of which nobody knows how long it is.
func ExampleNewProgress() {
	ctx := display.WithPublisher(context.Background(), console{})
	p := display.NewProgress(ctx, "reading papers", 0)
	if err := p.Done(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// display_data:
	// reading papers  0
	// update_display_data:
	// reading papers  0
}

// A text that is redrawn in its place.
func ExampleNewHandle() {
	ctx := display.WithPublisher(context.Background(), console{})
	h, err := display.NewHandle(ctx, "0 papers read")
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := h.Update("1000 papers read"); err != nil {
		fmt.Println(err)
	}
	// A kernel does this when the cell is done.
	if err := display.Flush(ctx); err != nil {
		fmt.Println(err)
	}
	// Output:
	// display_data:
	// 0 papers read
	// update_display_data:
	// 1000 papers read
}
