package nbformat

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Parse reads a notebook of format 4. Its errors name the cell, counted from 1, and are joined when there are
// several; a notebook that has any is not returned. Invalid UTF-8 becomes U+FFFD, one for each byte.
func Parse(data []byte) (*Notebook, error) {
	nb, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("nbformat: %w", err)
	}
	return nb, nil
}

func parse(data []byte) (*Notebook, error) {
	var tree any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	err := decoder.Decode(&tree)
	if err == nil {
		if _, err = decoder.Token(); err == nil {
			err = errors.New("there is more behind the notebook's end")
		} else if err == io.EOF {
			err = nil
		}
	}
	if err != nil {
		return nil, notJSON(err, data)
	}
	if err := checkVersion(tree); err != nil {
		return nil, err
	}
	if err := checkTree(tree); err != nil {
		return nil, err
	}
	return notebookOf(tree.(map[string]any)), nil
}

// notJSON adds the place to an error of encoding/json.
func notJSON(err error, data []byte) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("this is no notebook: its JSON ends early")
	}
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return fmt.Errorf("this is no notebook: %w", err)
	}
	before := data[:min(int(syntax.Offset), len(data))]
	line := 1 + bytes.Count(before, []byte("\n"))
	return fmt.Errorf("this is no notebook: line %d: %w", line, err)
}

// checkVersion refuses the formats that this package does not read.
func checkVersion(tree any) error {
	root, ok := tree.(map[string]any)
	if !ok {
		return errors.New("this is no notebook: it holds no JSON object")
	}
	number, _ := root["nbformat"].(json.Number)
	major, err := strconv.Atoi(string(number))
	switch {
	case err != nil:
		return errors.New("this is no notebook: it has no field nbformat with the number of its format")
	case major < Major:
		return fmt.Errorf("format %d is older than %d "+
			"(convert it: jupyter nbconvert --to notebook --inplace FILE)", major, Major)
	case major > Major:
		return fmt.Errorf("format %d is newer than %d, the newest that is read here", major, Major)
	}
	return nil
}

// notebookOf turns a checked tree into a Notebook. It takes the tree apart.
func notebookOf(root map[string]any) *Notebook {
	minor, _ := root["nbformat_minor"].(json.Number).Int64()
	nb := &Notebook{Minor: int(minor), Metadata: object(root["metadata"])}
	for _, cell := range root["cells"].([]any) {
		nb.Cells = append(nb.Cells, cellOf(cell.(map[string]any)))
	}
	nb.Extra = without(root, "nbformat", "nbformat_minor", "metadata", "cells")
	return nb
}

func cellOf(tree map[string]any) Cell {
	cell := Cell{
		Type:     CellType(text(tree["cell_type"])),
		Source:   text(tree["source"]),
		Metadata: object(tree["metadata"]),
	}
	known := []string{"cell_type", "source", "metadata"}
	if id, ok := tree["id"].(string); ok { // before format 4.5 it may be anything
		cell.ID = id
		known = append(known, "id")
	}
	if cell.Type == Code {
		cell.ExecutionCount = count(tree["execution_count"])
		for _, output := range tree["outputs"].([]any) {
			cell.Outputs = append(cell.Outputs, outputOf(output.(map[string]any)))
		}
		known = append(known, "execution_count", "outputs")
	} else if attachments, ok := tree["attachments"].(map[string]any); ok {
		cell.Attachments = map[string]MIMEBundle{}
		for name, bundle := range attachments {
			cell.Attachments[name] = bundleOf(bundle)
		}
		known = append(known, "attachments")
	}
	cell.Extra = without(tree, known...)
	return cell
}

func outputOf(tree map[string]any) Output {
	output := Output{Type: OutputType(text(tree["output_type"]))}
	known := []string{"output_type"}
	switch output.Type {
	case Stream:
		output.Name, output.Text = text(tree["name"]), text(tree["text"])
		known = append(known, "name", "text")
	case DisplayData, ExecuteResult:
		output.Data, output.Metadata = bundleOf(tree["data"]), object(tree["metadata"])
		known = append(known, "data", "metadata")
		if output.Type == ExecuteResult {
			output.ExecutionCount = count(tree["execution_count"])
			known = append(known, "execution_count")
		}
	case Error:
		output.ErrorName, output.ErrorValue = text(tree["ename"]), text(tree["evalue"])
		for _, line := range tree["traceback"].([]any) {
			output.Traceback = append(output.Traceback, line.(string))
		}
		known = append(known, "ename", "evalue", "traceback")
	}
	output.Extra = without(tree, known...)
	return output
}

func bundleOf(tree any) MIMEBundle {
	bundle := MIMEBundle{}
	for mime, value := range object(tree) {
		if !isJSON(mime) {
			value = text(value)
		}
		bundle[mime] = value
	}
	return bundle
}

func object(tree any) map[string]any {
	fields, _ := tree.(map[string]any)
	return fields
}

// text returns a string that is written whole or as a list of its lines.
func text(tree any) string {
	switch tree := tree.(type) {
	case string:
		return tree
	case []any:
		var all []byte
		for _, line := range tree {
			all = append(all, line.(string)...)
		}
		return string(all)
	}
	return ""
}

func count(tree any) *int {
	number, ok := tree.(json.Number)
	if !ok {
		return nil
	}
	n, _ := strconv.Atoi(string(number))
	return &n
}

// without removes known fields and returns what is left, nil for nothing.
func without(tree map[string]any, known ...string) map[string]any {
	for _, name := range known {
		delete(tree, name)
	}
	if len(tree) == 0 {
		return nil
	}
	return tree
}
