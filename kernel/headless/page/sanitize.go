package page

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// harmless is what HTML from a notebook may hold: text and tables with their looks, progress bars, drawings in SVG, and
// images that the page carries itself. No scripts, forms or frames, and nothing that is fetched.
var harmless = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowStandardAttributes()
	p.AllowStandardURLs()
	p.AllowLists()
	p.AllowTables()
	p.AllowElements("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "div", "span", "section", "article", "aside", "header", "footer", "figure", "figcaption",
		"details", "summary", "blockquote", "pre", "code", "kbd", "samp", "var", "abbr", "cite", "dfn", "em", "strong", "b", "i", "u", "s", "q", "del", "ins", "mark",
		"small", "sub", "sup", "time", "wbr", "tt", "strike", "center", "font", "big")
	p.AllowNoAttrs().OnElements("span", "font")
	p.AllowAttrs("open").OnElements("details")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src").Matching(regexp.MustCompile(`^data:`)).OnElements("img") // isImage says which
	p.AllowAttrs("alt", "width", "height").OnElements("img")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(?:hl-[a-z]|math|math display|footnotes|footnote-ref|footnote-backref|task-list-item|dataframe)$`)).Globally()
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^[\pL\pN:_-]+$`)).Globally()
	p.AllowAttrs("aria-label", "aria-hidden", "role", "scope", "colspan", "rowspan").Globally()
	p.AllowElements("progress", "meter")
	p.AllowAttrs("value", "max", "min").OnElements("progress", "meter")
	p.AllowAttrs("type", "checked", "disabled").OnElements("input") // of task lists
	p.AllowURLSchemeWithCustomPolicy("data", isImage)
	p.AllowStyles(properties...).MatchingHandler(isPlainValue).Globally()
	allowSVG(p)
	return p
}

// properties are those of CSS that change how text and drawings look, and cannot lay them over the page.
var properties = []string{
	"color", "background-color", "background", "opacity", "font", "font-family", "font-size", "font-style", "font-weight", "font-variant",
	"font-variant-numeric", "line-height", "letter-spacing", "text-align", "text-decoration", "text-transform", "text-indent", "vertical-align",
	"white-space", "word-break", "overflow", "overflow-x", "overflow-y", "overflow-wrap", "text-overflow", "display", "float", "clear",
	"width", "height", "min-width", "min-height", "max-width", "max-height", "padding", "padding-top", "padding-right", "padding-bottom", "padding-left",
	"margin", "margin-top", "margin-right", "margin-bottom", "margin-left", "border", "border-top", "border-right", "border-bottom", "border-left",
	"border-color", "border-style", "border-width", "border-radius", "border-collapse", "border-spacing", "caption-side", "list-style",
	"flex", "flex-direction", "flex-wrap", "gap", "align-items", "justify-content", "accent-color", "cursor", "table-layout",
	"fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap",
	"stroke-linejoin", "stroke-miterlimit", "text-anchor", "dominant-baseline",
}

// isPlainValue refuses what could fetch something or leave its place.
func isPlainValue(value string) bool {
	value = strings.ToLower(value)
	return !strings.ContainsAny(value, `\<>@{}`) && !strings.Contains(value, "url") && !strings.Contains(value, "image") && !strings.Contains(value, "expression") &&
		!strings.Contains(value, "fixed") && !strings.Contains(value, "sticky")
}

// allowSVG lets drawings through that consist of shapes and text alone.
func allowSVG(p *bluemonday.Policy) {
	shapes := []string{"svg", "g", "path", "line", "polyline", "polygon", "rect", "circle", "ellipse", "text", "tspan", "title", "desc"}
	p.AllowElements(shapes...)
	p.AllowNoAttrs().OnElements(shapes...)
	p.AllowAttrs("width", "height", "viewbox", "preserveaspectratio", "transform", "d", "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "r", "rx", "ry",
		"cx", "cy", "points", "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap",
		"stroke-linejoin", "font-family", "font-size", "font-style", "font-weight", "text-anchor", "dominant-baseline", "opacity", "textlength", "lengthadjust").
		Matching(regexp.MustCompile(`^[^<>"\\:]*$`)).OnElements(shapes...)
}

var imageData = regexp.MustCompile(`^image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s%]*$`)

// isImage accepts data: addresses of pictures. SVG in an image runs no scripts and fetches nothing.
func isImage(u *url.URL) bool { return imageData.MatchString(u.Opaque) }

// sanitize returns HTML without what could do anything.
func sanitize(html string) string { return harmless.Sanitize(html) }
