package evaluate

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/renameio/v2"
)

// AppendCSV adds the measures after an epoch and step (-1 for none) to the file that InformationRetrievalEvaluator of
// sentence_transformers keeps in a folder for a test of this name, with its header and columns, and returns its path. The file
// changes whole or not at all.
func (m Measures) AppendCSV(folder, name string, epoch, step int) (path string, err error) {
	if name != "" {
		name = "_" + name
	}
	path = filepath.Join(folder, "Information-Retrieval_evaluation"+name+"_results.csv")
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		content = []byte(strings.Join(csvHeader(), ",") + "\n")
	} else if err != nil {
		return path, err
	}
	row := []string{strconv.Itoa(epoch), strconv.Itoa(step)}
	for _, value := range m.All() {
		row = append(row, pythonFloat(value))
	}
	content = append(content, strings.Join(row, ",")+"\n"...)
	return path, renameio.WriteFile(path, content, 0o644)
}

func csvHeader() []string {
	spelled := map[string]string{"accuracy": "Accuracy", "precision": "Precision", "recall": "Recall", "mrr": "MRR", "ndcg": "NDCG", "map": "MAP"}
	header := []string{"epoch", "steps"}
	for _, name := range AllNames() {
		measure, k, _ := strings.Cut(name, "@")
		header = append(header, fmt.Sprintf("cosine-%s@%s", spelled[measure], k))
	}
	return header
}

// pythonFloat writes a number from 0 to 1 as Python does.
func pythonFloat(v float64) string {
	text := strconv.FormatFloat(v, 'g', -1, 64)
	if !strings.ContainsAny(text, ".eN") {
		text += ".0"
	}
	return text
}
