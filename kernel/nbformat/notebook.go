package nbformat

// Major and Minor are the newest notebook format that this package knows.
const (
	Major = 4
	Minor = 5
)

// Notebook is one .ipynb file. It must not be used by several goroutines at once while one of them changes it.
type Notebook struct {
	Minor    int            // the minor number of its format: 5 in new notebooks
	Metadata map[string]any // kernelspec, language_info and others
	Cells    []Cell
	Extra    map[string]any // fields that the format does not know
}

// CellType says what a cell holds.
type CellType string

// The types of cells.
const (
	Code     CellType = "code"
	Markdown CellType = "markdown"
	Raw      CellType = "raw"
)

// Cell is one cell of a notebook.
//
// Values in Metadata, Attachments and Extra are what encoding/json makes of JSON, with numbers as json.Number; on
// writing, any value that encoding/json can marshal will do.
type Cell struct {
	ID             string // 1 to 64 of a-z A-Z 0-9 - _, unique in the notebook; empty before format 4.5
	Type           CellType
	Source         string
	Metadata       map[string]any
	Attachments    map[string]MIMEBundle // by file name; Markdown and Raw only
	Outputs        []Output              // Code only
	ExecutionCount *int                  // Code only; nil when the cell was not run
	Extra          map[string]any        // fields that the format does not know
}

// OutputType says what an output is.
type OutputType string

// The types of outputs, each with the fields of [Output] that it uses.
const (
	Stream        OutputType = "stream"         // Name, Text
	DisplayData   OutputType = "display_data"   // Data, Metadata
	ExecuteResult OutputType = "execute_result" // Data, Metadata, ExecutionCount
	Error         OutputType = "error"          // ErrorName, ErrorValue, Traceback
)

// Output is one output of a code cell. Fields that its type does not use are ignored.
type Output struct {
	Type           OutputType
	Name           string // "stdout" or "stderr"
	Text           string
	Data           MIMEBundle
	Metadata       map[string]any
	ExecutionCount *int
	ErrorName      string
	ErrorValue     string
	Traceback      []string
	Extra          map[string]any // fields that the format does not know
}

// MIMEBundle holds representations of one thing by MIME type. Those of JSON types (application/json and
// application/...+json) may be any JSON value; all others are strings, binary ones in base64.
type MIMEBundle map[string]any

// New returns an empty notebook of the newest format.
func New() *Notebook {
	return &Notebook{Minor: Minor}
}
