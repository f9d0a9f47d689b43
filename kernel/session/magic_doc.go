package session

import (
	"fmt"
	"strings"
	"unicode"

	"paperlab/kernel/display"
	"paperlab/kernel/interp"
)

// document shows what is known of a name, beside the notebook where there is room for that.
func document(r *run, step step) ([]any, error) {
	found, ok := r.session.engine.Inspect(step.arg, len(step.arg))
	if !ok {
		return nil, fmt.Errorf("?%s: nothing is known of it", step.arg)
	}
	bundle := display.Bundle{Data: describe(found)}
	if r.cell.Page != nil {
		r.cell.Page(bundle)
		return nil, nil
	}
	message := display.Message{Kind: display.DisplayData, Bundle: bundle}
	return nil, display.PublisherFrom(r.ctx).Publish(message)
}

// describe writes what is known of a name as text for consoles and as Markdown.
func describe(i interp.Inspection) map[string]any {
	text, markdown := []string{green + i.Declaration + plain}, []string{"```go\n" + i.Declaration + "\n```"}
	if i.Value != "" {
		text = append(text, "= "+i.Value)
		markdown = append(markdown, "`= "+strings.ReplaceAll(i.Value, "`", "'")+"`")
	}
	if i.Package != "" {
		text, markdown = append(text, "package "+i.Package), append(markdown, "package `"+i.Package+"`")
	}
	if doc := strings.TrimRightFunc(i.Doc, unicode.IsSpace); doc != "" {
		text, markdown = append(text, doc), append(markdown, doc)
	}
	const paragraph = "\n\n"
	return map[string]any{
		display.MIMETypeText:     strings.Join(text, paragraph),
		display.MIMETypeMarkdown: strings.Join(markdown, paragraph),
	}
}
