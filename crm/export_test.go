package crm

import "os"

// OnSync has do run instead of every waiting for the disk.
func (f *Files) OnSync(do func(name string) error) {
	f.sync = func(file *os.File) error { return do(file.Name()) }
}
