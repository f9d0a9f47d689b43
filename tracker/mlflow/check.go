package mlflow

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"unicode/utf8"
)

// The limits of mlflow/utils/validation.py, in characters.
const (
	maxKey        = 250
	maxParamValue = 6000
	maxTagValue   = 8000
)

var validName = regexp.MustCompile(`^[/\pL\pM\pN_.\- :]+$`)

// checkKey refuses keys that MLflow does. One with the context of a series is ours, and is taken.
func checkKey(kind, where, key string) error {
	if err := required(where, key); err != nil {
		return err
	}
	name, _ := seriesOf(key)
	if !validName.MatchString(name) {
		return invalid("Invalid value \"%s\" for parameter '%s' supplied: Names may only contain alphanumerics, underscores (_), "+
			"dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).", key, where)
	}
	if clean := path.Clean(name); clean != name || !fs.ValidPath(name) || name == "." {
		return invalid("Invalid value \"%s\" for parameter '%s' supplied: Names may be treated as files in certain cases, and must not "+
			"resolve to other names when treated as such. This name would resolve to '%s'", key, where, clean)
	}
	return checkLength(kind, key, maxKey)
}

func checkLength(what, text string, limit int) error {
	if utf8.RuneCountInString(text) > limit {
		return invalid("'%s' exceeds the maximum length of %d characters", what, limit)
	}
	return nil
}

func checkMetric(m metric, where string) error {
	if err := checkKey("Metric name", where+".key", m.Key); err != nil {
		return err
	}
	if m.Value == nil {
		return required(where+".value", "")
	}
	if m.Timestamp < 0 {
		return invalid("Invalid value %d for parameter '%s.timestamp' supplied: metric '%s'. "+
			"Timestamp must be a nonnegative long (64-bit integer)", m.Timestamp, where, m.Key)
	}
	return nil
}

// checkParam refuses a bad key and cuts a value that is too long, as MLflow does.
func checkParam(p pair) (pair, error) {
	p.Value = truncate(p.Value, maxParamValue)
	return p, checkKey("Param key", "key", p.Key)
}

// checkTag does so with a tag.
func checkTag(tag pair) (pair, error) {
	tag.Value = truncate(tag.Value, maxTagValue)
	if tag.Key == tagNotes {
		return tag, nil
	}
	return tag, checkKey("key", "key", tag.Key)
}

func truncate(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return fmt.Sprintf("%s...", string([]rune(text)[:limit-3]))
}
