//go:build ignore

package iter

type Seq[V any] func(yield func(V) bool)

type Seq2[K, V any] func(yield func(K, V) bool)

func Pull[V any](seq Seq[V]) (next func() (V, bool), stop func()) {
	nextAny, stop := pull(func(yield func(any) bool) {
		seq(func(v V) bool { return yield(v) })
	})
	next = func() (V, bool) {
		boxed, ok := nextAny()
		v, _ := boxed.(V) // a nil interface is no V, but V's zero value
		return v, ok
	}
	return next, stop
}

func Pull2[K, V any](seq Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	nextAny, stop := pull(func(yield func(any) bool) {
		seq(func(k K, v V) bool { return yield([2]any{k, v}) })
	})
	next = func() (K, V, bool) {
		boxed, ok := nextAny()
		pair, _ := boxed.([2]any)
		k, _ := pair[0].(K)
		v, _ := pair[1].(V)
		return k, v, ok
	}
	return next, stop
}

func pull(seq func(yield func(any) bool)) (next func() (any, bool), stop func())
