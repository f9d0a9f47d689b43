package exec

import (
	"bytes"
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"sync"
	"unsafe"
)

// What package runtime tells of the calling goroutine's stack is told here of its interpreted calls. They have program
// counters of their own, above any that code can have.
func init() {
	natives["runtime.Caller"] = func(g *goroutine, args []reflect.Value) []reflect.Value {
		return values(g.caller(int(args[0].Int())))
	}
	natives["runtime.Callers"] = func(g *goroutine, args []reflect.Value) []reflect.Value {
		return values(g.callers(int(args[0].Int())-1, args[1].Interface().([]uintptr)))
	}
	natives["runtime.CallersFrames"] = func(_ *goroutine, args []reflect.Value) []reflect.Value {
		return values(callersFrames(args[0].Interface().([]uintptr)))
	}
	natives["runtime.FuncForPC"] = func(_ *goroutine, args []reflect.Value) []reflect.Value {
		return values(funcForPC(uintptr(args[0].Uint())))
	}
	natives["runtime.Stack"] = func(g *goroutine, args []reflect.Value) []reflect.Value {
		return values(g.stack(args[0].Bytes(), args[1].Bool()))
	}
	natives["(reflect.Value).Pointer"] = func(_ *goroutine, args []reflect.Value) []reflect.Value {
		return values(codePointer(args[0].Interface().(reflect.Value)))
	}
	natives["runtime/debug.Stack"] = func(g *goroutine, _ []reflect.Value) []reflect.Value {
		return values([]byte(g.stackText()))
	}
	natives["runtime/debug.PrintStack"] = func(g *goroutine, _ []reflect.Value) []reflect.Value {
		_, _ = g.task.stderr.Write([]byte(g.stackText()))
		return nil
	}
}

func values(all ...any) []reflect.Value {
	out := make([]reflect.Value, len(all))
	for i, v := range all {
		out[i] = reflect.ValueOf(v)
	}
	return out
}

// counters gives interpreted calls program counters. It grows with the places in source that were ever asked for.
var counters struct {
	mu     sync.Mutex
	frames []Frame
	known  map[Frame]uintptr
}

const firstCounter = uintptr(1) << 48

func counterOf(f Frame) uintptr {
	counters.mu.Lock()
	defer counters.mu.Unlock()
	if pc, ok := counters.known[f]; ok {
		return pc
	}
	if counters.known == nil {
		counters.known = map[Frame]uintptr{}
	}
	counters.frames = append(counters.frames, f)
	pc := firstCounter + uintptr(len(counters.frames)) // callers look up pc-1
	counters.known[f] = pc
	return pc
}

func frameOf(pc uintptr) (Frame, bool) {
	counters.mu.Lock()
	defer counters.mu.Unlock()
	for _, at := range []uintptr{pc, pc + 1} {
		if at > firstCounter && at-firstCounter <= uintptr(len(counters.frames)) {
			return counters.frames[at-firstCounter-1], true
		}
	}
	return Frame{}, false
}

// calls lists the interpreted calls, with the runtime's own where one panicked, as programs expect to count them.
func (g *goroutine) calls() []Frame {
	var all []Frame
	for _, f := range frames(g.top) {
		if f.panics {
			all = append(all, Frame{Function: "gopanic", panics: true})
		}
		f.panics = false
		all = append(all, f)
	}
	return all
}

// fullName is the function's name with its package.
func (f Frame) fullName() string {
	if f.panics {
		return "runtime." + f.Function
	}
	return "main." + f.Function
}

func (g *goroutine) caller(skip int) (pc uintptr, file string, line int, ok bool) {
	all := g.calls()
	if skip < 0 || skip >= len(all) {
		return 0, "", 0, false
	}
	at := all[skip].Position
	return counterOf(all[skip]), at.Filename, at.Line, true
}

func (g *goroutine) callers(skip int, pcs []uintptr) int {
	all := g.calls()
	n := 0
	for i := max(skip, 0); i < len(all) && n < len(pcs); i++ {
		pcs[n] = counterOf(all[i])
		n++
	}
	return n
}

// callersFrames makes the runtime's own iterator go over interpreted calls too.
func callersFrames(pcs []uintptr) *runtime.Frames {
	var list []runtime.Frame
	for _, pc := range pcs {
		f, ok := frameOf(pc)
		if !ok {
			if compiled := runtime.CallersFrames([]uintptr{pc}); compiled != nil {
				frame, _ := compiled.Next()
				list = append(list, frame)
			}
			continue
		}
		list = append(list, runtime.Frame{
			PC: pc, Func: funcForPC(pc), Function: f.fullName(), File: f.Position.Filename, Line: f.Position.Line, Entry: pc,
		})
	}
	made := new(runtime.Frames)
	if field := reflect.ValueOf(made).Elem().FieldByName("frames"); field.IsValid() && field.Type() == reflect.TypeOf(list) {
		*(*[]runtime.Frame)(field.Addr().UnsafePointer()) = list
	}
	return made
}

// inlined is how the runtime describes an inlined function, which has no code of its own.
type inlined struct {
	ones            uint32
	entry           uintptr
	name, file      string
	line, startLine int32
}

func funcForPC(pc uintptr) *runtime.Func {
	f, ok := frameOf(pc)
	if !ok {
		return runtime.FuncForPC(pc)
	}
	line := int32(f.Position.Line)
	return (*runtime.Func)(unsafe.Pointer(&inlined{
		ones: ^uint32(0), entry: pc, name: f.fullName(), file: f.Position.Filename, line: line, startLine: line,
	}))
}

// codePointer is reflect.Value.Pointer. That of an interpreted function is a program counter that FuncForPC knows.
func codePointer(v reflect.Value) uintptr {
	if v.Kind() == reflect.Func && !v.IsNil() {
		f := v.Interface()
		if cl := closureAt((*interfaceHeader)(unsafe.Pointer(&f)).data); cl != nil {
			return counterOf(Frame{Function: cl.fn.name(), Position: cl.fn.position(int32(cl.fn.ssa.Pos()))})
		}
	}
	return v.Pointer()
}

// stack is runtime.Stack: for all goroutines the runtime's own account, for one its interpreted calls.
func (g *goroutine) stack(buf []byte, all bool) int {
	if all {
		return runtime.Stack(buf, true)
	}
	return copy(buf, g.stackText())
}

func (g *goroutine) stackText() string {
	var b bytes.Buffer
	header, _, _ := bytes.Cut(debug.Stack(), []byte("\n"))
	b.Write(header)
	b.WriteByte('\n')
	for _, f := range g.calls() {
		fmt.Fprintf(&b, "%s()\n\t%s:%d +0x0\n", f.fullName(), filepath.ToSlash(f.Position.Filename), f.Position.Line)
	}
	return b.String()
}
