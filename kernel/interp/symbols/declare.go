package symbols

import (
	"bytes"
	"fmt"
	"go/types"
	"strings"
	"sync"

	"github.com/goplus/ixgo"
)

// library imports bound packages for declarations, apart from any notebook.
var library struct {
	sync.Mutex
	context *ixgo.Context
}

// declared gives the declaration of a symbol of a bound package, without names that are not exported.
func declared(path, symbol string) (string, bool) {
	library.Lock()
	defer library.Unlock()
	if library.context == nil {
		context := ixgo.NewContext(0)
		if err := Install(context); err != nil {
			return "", false
		}
		library.context = context
	}
	pkg, err := library.context.Importer.Import(path)
	if err != nil {
		return "", false
	}
	if symbol == "" {
		return fmt.Sprintf("package %s // import %q", pkg.Name(), path), true
	}
	name, member, isMember := strings.Cut(symbol, ".")
	object := pkg.Scope().Lookup(name)
	if object == nil || !object.Exported() {
		return "", false
	}
	if isMember {
		object, _, _ = types.LookupFieldOrMethod(object.Type(), true, pkg, member)
		if object == nil || !object.Exported() {
			return "", false
		}
	}
	return declaration(object, name, func(other *types.Package) string {
		if strings.TrimSuffix(other.Path(), patch) == path {
			return ""
		}
		return other.Name()
	}), true
}

// declaration prints an object as it is declared. Of is the name of the type that it is a member of, if it is.
func declaration(object types.Object, of string, qualifier types.Qualifier) string {
	switch object := object.(type) {
	case *types.TypeName:
		if structure, ok := object.Type().Underlying().(*types.Struct); ok && !object.IsAlias() {
			return fmt.Sprintf("type %s %s", types.TypeString(object.Type(), qualifier), exportedFields(structure, qualifier))
		}
	case *types.Func:
		if receiver := object.Signature().Recv(); receiver != nil {
			if _, ok := types.Unalias(receiver.Type()).(*types.Pointer); ok {
				of = "*" + of
			}
			var signature bytes.Buffer
			types.WriteSignature(&signature, object.Signature(), qualifier)
			return fmt.Sprintf("func (%s) %s%s", of, object.Name(), signature.String())
		}
	case *types.Var:
		if object.IsField() {
			return fmt.Sprintf("field %s %s", object.Name(), types.TypeString(object.Type(), qualifier))
		}
	case *types.Const:
		return fmt.Sprintf("%s = %s", types.ObjectString(object, qualifier), object.Val())
	}
	return types.ObjectString(object, qualifier)
}

func exportedFields(structure *types.Struct, qualifier types.Qualifier) string {
	var out strings.Builder
	out.WriteString("struct {\n")
	hidden := false
	for i := range structure.NumFields() {
		field := structure.Field(i)
		switch {
		case !field.Exported():
			hidden = true
			continue
		case field.Embedded():
			fmt.Fprintf(&out, "\t%s", types.TypeString(field.Type(), qualifier))
		default:
			fmt.Fprintf(&out, "\t%s %s", field.Name(), types.TypeString(field.Type(), qualifier))
		}
		if tag := structure.Tag(i); tag != "" {
			fmt.Fprintf(&out, " `%s`", tag)
		}
		out.WriteByte('\n')
	}
	if hidden {
		out.WriteString("\t// and unexported fields\n")
	}
	out.WriteByte('}')
	return out.String()
}
