package nbformat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// Encode returns the notebook as the contents of a file, or an error if it is not valid. It leaves out what must not
// be stored: orig_nbformat, orig_nbformat_minor and signature in the notebook's metadata, trusted in a cell's.
func (nb *Notebook) Encode() ([]byte, error) {
	data, err := nb.encode()
	if err != nil {
		return nil, fmt.Errorf("nbformat: %w", err)
	}
	return data, nil
}

func (nb *Notebook) encode() ([]byte, error) {
	tree, err := nb.checkedTree()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	writeJSON(&b, tree, 0)
	b.WriteByte('\n')
	return b.Bytes(), nil
}

func (nb *Notebook) checkedTree() (map[string]any, error) {
	tree, err := nb.tree()
	if err != nil {
		return nil, err
	}
	return tree, checkTree(tree)
}

// tree returns the notebook as it stands in its file, of the types that Parse decodes.
func (nb *Notebook) tree() (map[string]any, error) {
	root, err := plainJSON(with(nb.Extra, map[string]any{
		"nbformat":       Major,
		"nbformat_minor": nb.Minor,
		"metadata":       filled(nb.Metadata, "orig_nbformat", "orig_nbformat_minor", "signature"),
	}))
	if err != nil {
		return nil, fmt.Errorf("notebook: %w", err)
	}
	cells := make([]any, len(nb.Cells))
	for i := range nb.Cells {
		if cells[i], err = plainJSON(nb.Cells[i].tree()); err != nil {
			return nil, fmt.Errorf("cell %d: %w", i+1, err)
		}
	}
	root["cells"] = cells
	return root, nil
}

func (cell *Cell) tree() map[string]any {
	tree := with(cell.Extra, map[string]any{
		"cell_type": string(cell.Type),
		"source":    splitLines(cell.Source),
		"metadata":  filled(cell.Metadata, "trusted"),
	})
	if cell.ID != "" {
		tree["id"] = cell.ID
	}
	if cell.Attachments != nil {
		attachments := map[string]any{}
		for name, bundle := range cell.Attachments {
			attachments[name] = bundle.tree()
		}
		tree["attachments"] = attachments
	}
	if cell.Type == Code {
		outputs := make([]any, len(cell.Outputs))
		for i := range cell.Outputs {
			outputs[i] = cell.Outputs[i].tree()
		}
		tree["outputs"] = outputs
		tree["execution_count"] = countTree(cell.ExecutionCount)
	}
	return tree
}

func (output *Output) tree() map[string]any {
	tree := with(output.Extra, map[string]any{"output_type": string(output.Type)})
	switch output.Type {
	case Stream:
		tree["name"], tree["text"] = output.Name, splitLines(output.Text)
	case DisplayData, ExecuteResult:
		tree["data"], tree["metadata"] = output.Data.tree(), filled(output.Metadata)
		if output.Type == ExecuteResult {
			tree["execution_count"] = countTree(output.ExecutionCount)
		}
	case Error:
		traceback := make([]any, len(output.Traceback))
		for i, line := range output.Traceback {
			traceback[i] = line
		}
		tree["ename"], tree["evalue"], tree["traceback"] = output.ErrorName, output.ErrorValue, traceback
	}
	return tree
}

// tree cuts into lines what Jupyter cuts: text, SVG and JavaScript.
func (bundle MIMEBundle) tree() map[string]any {
	tree := map[string]any{}
	for mime, value := range bundle {
		text, ok := value.(string)
		if ok && (strings.HasPrefix(mime, "text/") || mime == "image/svg+xml" || mime == "application/javascript") {
			value = splitLines(text)
		}
		tree[mime] = value
	}
	return tree
}

// with returns fields together with those of extra that are not among them.
func with(extra, fields map[string]any) map[string]any {
	all := map[string]any{}
	maps.Copy(all, extra)
	maps.Copy(all, fields)
	return all
}

// filled returns metadata without its transient entries, and an empty object for none.
func filled(metadata map[string]any, transient ...string) map[string]any {
	kept := maps.Clone(metadata)
	if kept == nil {
		kept = map[string]any{}
	}
	for _, name := range transient {
		delete(kept, name)
	}
	return kept
}

func countTree(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}

// plainJSON turns whatever Go values callers put into maps into those that Parse would read back.
func plainJSON(tree map[string]any) (map[string]any, error) {
	data, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var plain map[string]any
	return plain, decoder.Decode(&plain)
}
