package spool

import "os"

// A reader is the owner's place in the file that it reads.
type reader struct {
	segment *segment // nil if no file is open
	file    File
	scanner scanner
	half    frame             // of which a part was read; its body stays valid
	halfOf  *segment          // where it stands
	part    uint32            // how much; 0 if there is no such frame
	streams map[string]string // names, to make one string of each
	last    string            // the one that was asked for last
}

// maxNames bounds the names of streams that a reader remembers.
const maxNames = 1024

// open returns the scanner of a segment, at the first frame not read.
func (r *reader) open(fsys FS, g *segment, size int64) (*scanner, error) {
	if r.segment != g {
		if err := r.close(); err != nil {
			return nil, err
		}
		f, err := fsys.OpenFile(g.path(), os.O_RDONLY, 0)
		if err != nil {
			return nil, err
		}
		r.segment, r.file = g, f
		r.scanner = scanner{file: f, marker: g.marker, room: r.scanner.room}
	}
	r.scanner.size, r.scanner.offset, r.scanner.next = size, g.offset, g.next
	return &r.scanner, nil
}

func (r *reader) close() error {
	if r.segment == nil {
		return nil
	}
	err := r.file.Close()
	r.segment, r.file = nil, nil
	return err
}

// intern returns the name as a string that is made once.
func (r *reader) intern(name []byte) string {
	if r.last == string(name) {
		return r.last
	}
	s, ok := r.streams[string(name)]
	if !ok {
		if r.streams == nil || len(r.streams) >= maxNames {
			r.streams = make(map[string]string)
		}
		s = string(name)
		r.streams[s] = s
	}
	r.last = s
	return s
}
