package tfevents

import (
	"strings"

	"paperlab/tracker"
)

// studyTags are the tags under which the study's notebook wrote what our trainings log.
var studyTags = map[string]string{
	"train/loss":          "Training Loss",
	"eval/loss":           "Validation Loss",
	"train/learning_rate": "Learning Rate",
	"gpu/memory_mb":       "GPU Memory (MB)",
}

// Tag returns the tag that stands for a series in an event file: the key, or the name that the study's notebook used
// for it, such as "Training Loss", with the context in braces where there is one. [SeriesOf] is its opposite.
func Tag(key string, context tracker.Context) string {
	if name, ok := studyTags[key]; ok {
		key = name
	}
	if context == "" {
		return key
	}
	return key + "{" + string(context) + "}"
}

// SeriesOf returns the series that a tag stands for.
func SeriesOf(tag string) (key string, context tracker.Context) {
	key = tag
	if name, labels, ok := strings.Cut(strings.TrimSuffix(tag, "}"), "{"); ok && strings.HasSuffix(tag, "}") && name != "" {
		if _, err := tracker.Context(labels).Labels(); err == nil && labels != "" {
			key, context = name, tracker.Context(labels)
		}
	}
	for known, name := range studyTags {
		if key == name {
			return known, context
		}
	}
	return key, context
}
