package nbformat

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Rules for single values.
var (
	anything  = that("anything", func(any) bool { return true })
	aString   = that("a text", isString)
	aBool     = that("true or false", func(v any) bool { _, ok := v.(bool); return ok })
	anObject  = objectOf()
	multiline = that("a text or a list of texts", isMultiline)
	wholeNumb = that("a whole number, 0 or more,", isCount)
	execCount = that("null or a whole number, 0 or more,", func(v any) bool { return v == nil || isCount(v) })
	cellName  = that("a text of one line", func(v any) bool { return isString(v) && namePattern.MatchString(v.(string)) })
	scrolled  = that(`true, false or "auto"`, func(v any) bool { _, ok := v.(bool); return ok || v == "auto" })
	codeMode  = that("a text or an object", func(v any) bool { _, ok := v.(map[string]any); return ok || isString(v) })
	cellTags  = that("a list of different texts without commas", isTags)
	cellID    = that("an id, 1 to 64 of a-z A-Z 0-9 - _,", func(v any) bool { return isString(v) && idPattern.MatchString(v.(string)) })
)

var (
	idPattern   = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)
	namePattern = regexp.MustCompile(`^.+$`)
)

// notebookRule checks all of a notebook but what is in its cells.
var notebookRule = objectOf(
	field{"nbformat", required, wholeNumb},
	field{"nbformat_minor", required, wholeNumb},
	field{"cells", required, listOf(anything)},
	field{"metadata", required, objectOf(
		field{"kernelspec", optional, objectOf(
			field{"name", required, aString},
			field{"display_name", required, aString},
		)},
		field{"language_info", optional, objectOf(
			field{"name", required, aString},
			field{"codemirror_mode", optional, codeMode},
			field{"file_extension", optional, aString},
			field{"mimetype", optional, aString},
			field{"pygments_lexer", optional, aString},
		)},
		field{"title", optional, aString},
		field{"authors", optional, listOf(anything)},
	)},
)

// cellRules checks all of a cell but its id.
var cellRules = map[CellType]rule{
	Code: objectOf(
		field{"source", required, multiline},
		field{"metadata", required, objectOf(
			field{"name", optional, cellName},
			field{"tags", optional, cellTags},
			field{"jupyter", optional, anObject},
			field{"execution", optional, eachField(func(string) rule { return aString })},
			field{"collapsed", optional, aBool},
			field{"scrolled", optional, scrolled},
		)},
		field{"execution_count", required, execCount},
		field{"outputs", required, listOf(output)},
	),
	Markdown: objectOf(
		field{"source", required, multiline},
		field{"metadata", required, textCellMetadata},
		field{"attachments", optional, attachments},
	),
	Raw: objectOf(
		field{"source", required, multiline},
		field{"metadata", required, objectOf(
			field{"format", optional, aString},
			field{"name", optional, cellName},
			field{"tags", optional, cellTags},
			field{"jupyter", optional, anObject},
		)},
		field{"attachments", optional, attachments},
	),
}

var textCellMetadata = objectOf(
	field{"name", optional, cellName},
	field{"tags", optional, cellTags},
	field{"jupyter", optional, anObject},
)

var attachments = eachField(func(string) rule { return mimeBundle })

var mimeBundle = eachField(func(mime string) rule {
	if isJSON(mime) {
		return anything
	}
	return multiline
})

var outputRules = map[OutputType]rule{
	Stream: objectOf(
		field{"name", required, aString},
		field{"text", required, multiline},
	),
	DisplayData: objectOf(
		field{"data", required, mimeBundle},
		field{"metadata", required, anObject},
	),
	ExecuteResult: objectOf(
		field{"data", required, mimeBundle},
		field{"metadata", required, anObject},
		field{"execution_count", required, execCount},
	),
	Error: objectOf(
		field{"ename", required, aString},
		field{"evalue", required, aString},
		field{"traceback", required, listOf(aString)},
	),
}

// output checks an output by its type.
func output(p *problems, where string, value any) {
	fields, ok := value.(map[string]any)
	if !ok {
		p.add(where, "%s where an object is expected", kindOf(value))
		return
	}
	kind, _ := fields["output_type"].(string)
	check, ok := outputRules[OutputType(kind)]
	if !ok {
		p.add(where, "field output_type: %s where stream, display_data, execute_result or error is expected",
			kindOf(fields["output_type"]))
		return
	}
	check(p, where, value)
}

func isString(value any) bool {
	_, ok := value.(string)
	return ok
}

func isMultiline(value any) bool {
	list, ok := value.([]any)
	return isString(value) || ok && !slices.ContainsFunc(list, func(item any) bool { return !isString(item) })
}

func isCount(value any) bool {
	number, ok := value.(json.Number)
	if !ok {
		return false
	}
	n, err := strconv.Atoi(string(number))
	return err == nil && n >= 0
}

func isTags(value any) bool {
	list, ok := value.([]any)
	if !ok {
		return false
	}
	seen := map[string]bool{}
	for _, item := range list {
		tag, ok := item.(string)
		if !ok || tag == "" || strings.Contains(tag, ",") || seen[tag] {
			return false
		}
		seen[tag] = true
	}
	return true
}
