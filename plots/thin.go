package plots

import "gonum.org/v1/plot/vg"

// thin returns points that draw the same line: the first, lowest, highest and last of each column of the given width
// (Jugel and others, "M4: A visualization-oriented time series data aggregation", VLDB 2014). The points lie in the
// order of X.
func thin(points []vg.Point, column vg.Length) []vg.Point {
	if len(points) <= 4 {
		return points
	}
	out := points[:0:0]
	for start := 0; start < len(points); {
		edge := points[start].X + column
		end, low, high := start+1, start, start
		for end < len(points) && points[end].X < edge {
			if points[end].Y < points[low].Y {
				low = end
			}
			if points[end].Y > points[high].Y {
				high = end
			}
			end++
		}
		out = appendColumn(out, points, start, min(low, high), max(low, high), end-1)
		start = end
	}
	return out
}

// appendColumn appends the points at the indices, which do not fall, each once.
func appendColumn(out, points []vg.Point, indices ...int) []vg.Point {
	for i, at := range indices {
		if i == 0 || at != indices[i-1] {
			out = append(out, points[at])
		}
	}
	return out
}
