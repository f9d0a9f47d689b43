// Package storetest says what a [tracker.Store] does, as tests that every store runs against itself:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) tracker.Store {
//			store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "paperlab.db"))
//			if err != nil {
//				t.Fatal(err)
//			}
//			t.Cleanup(func() { store.Close() })
//			return store
//		})
//	}
package storetest
