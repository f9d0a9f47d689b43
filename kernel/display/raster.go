package display

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// raster draws long lines in pieces: the time that vgimg takes for a line grows with the square of its points, 16 s for
// 50,000 of them.
type raster struct {
	vgimg.PngCanvas
	dashed bool
}

// piece is how many points are drawn at once.
const piece = 256

// SetLineDash implements vg.Canvas.
func (r *raster) SetLineDash(pattern []vg.Length, offset vg.Length) {
	r.dashed = len(pattern) > 0
	r.PngCanvas.SetLineDash(pattern, offset)
}

// Stroke implements vg.Canvas. A dashed line stays whole, since dashes begin anew with each piece, and so does what has
// curves or is closed.
func (r *raster) Stroke(path vg.Path) {
	if r.dashed || len(path) <= piece || slices.ContainsFunc(path, isBent) {
		r.PngCanvas.Stroke(path)
		return
	}
	for start := 0; start < len(path)-1; start += piece {
		// Each piece begins where the one before ends.
		part := vg.Path{{Type: vg.MoveComp, Pos: path[start].Pos}}
		part = append(part, path[start+1:min(start+1+piece, len(path))]...)
		r.PngCanvas.Stroke(part)
	}
}

func isBent(part vg.PathComp) bool {
	return part.Type != vg.MoveComp && part.Type != vg.LineComp
}
