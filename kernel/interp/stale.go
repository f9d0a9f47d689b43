package interp

import (
	"fmt"
	"go/types"
	"regexp"
	"strings"
)

var (
	// cellType is a type of an earlier cell, as the checker writes it.
	cellType = regexp.MustCompile(`\b` + cellPath + `\.(\w+)`)
	// noMember is what it says of a field or method that such a type lacks.
	noMember = regexp.MustCompile(`undefined \(type \*?` + cellPath + `\.(\w+) has no field or method (\w+)\)$`)
)

// ofOnePackage words a message as if all cells were one package, as their reader sees them. If that makes a type look as if
// it were not itself, since it was declared again, the message says so.
func (in *Interp) ofOnePackage(message string) string {
	stale := in.staleType(message)
	message = cellType.ReplaceAllString(message, "$1")
	if stale != "" {
		message += fmt.Sprintf("\n\t%s has been declared again: make the value anew, or run the cells that use the old %s again", stale, stale)
	}
	return message
}

// staleType finds the type, if any, of which a message is about an older one of its name.
func (in *Interp) staleType(message string) string {
	if m := noMember.FindStringSubmatch(message); m != nil && in.hasMember(m[1], m[2]) {
		return m[1]
	}
	value, target, ok := strings.Cut(message, " as ")
	if !ok || !strings.HasPrefix(message, "cannot use ") {
		return ""
	}
	for _, m := range cellType.FindAllStringSubmatch(message, -1) {
		name := regexp.MustCompile(`\b` + m[1] + `\b`)
		if name.MatchString(value) && name.MatchString(target) {
			return m[1]
		}
	}
	return ""
}

// hasMember says whether the live type of a name has a field or method.
func (in *Interp) hasMember(name, member string) bool {
	b, _ := in.names.lookup(name)
	typ, ok := b.object.(*types.TypeName)
	if !ok {
		return false
	}
	object, _, _ := types.LookupFieldOrMethod(typ.Type(), true, typ.Pkg(), member)
	return object != nil
}
