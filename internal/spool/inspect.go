package spool

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// An Info is what a subfolder holds.
type Info struct {
	// Path is the subfolder.
	Path string
	// Owner is for whom its events are; empty if it does not say, which older
	// versions did not.
	Owner string
	// Locked is set while a process has it: what is told may have changed.
	Locked bool
	// Segments and Bytes are the number of segment files and their length.
	Segments int
	Bytes    int64
	// Records are those with an event that is not acknowledged, Events those
	// events; Oldest and Newest their least and greatest time, zero if there
	// is none. Own is records that the library wrote by itself: Records has
	// none of them, Events has theirs.
	Records, Events, Own int64
	Oldest, Newest       time.Time
	// Damage is what is wrong with the files: *DamageError, *VersionError, or
	// what kept one from being read. Nothing is repaired.
	Damage []error
}

// A Place says where Walk found an event.
type Place struct {
	// Path is the segment, Offset the byte where the record's frame begins.
	Path   string
	Offset int64
	// Event is the event's number in the segment, Last whether it is the last
	// of its record that is not acknowledged.
	Event uint32
	Last  bool
	// Own says that the library wrote the record by itself.
	Own bool
}

// List tells what the subfolders of a spool folder hold, oldest first. It
// changes nothing, and takes each lock for a moment to see whether it is held:
// as one of several who may look at the same time.
func List(dir string) ([]Info, error) {
	paths, err := subfolders(dir)
	if err != nil {
		return nil, err
	}
	infos := make([]Info, 0, len(paths))
	for _, path := range paths {
		infos = append(infos, inspectFolder(path))
	}
	return infos, nil
}

func inspectFolder(path string) Info {
	info := Info{Path: path}
	lock, err := lookAtLock(filepath.Join(path, lockName))
	switch {
	case err == nil:
		lock.Close()
	case errors.Is(err, ErrLocked):
		info.Locked = true
	case !errors.Is(err, fs.ErrNotExist):
		info.Damage = append(info.Damage, err)
	}
	if info.Owner, err = readOwner(disk{}, path); err != nil {
		info.Damage = append(info.Damage, err)
	}
	segments, err := segmentsIn(path)
	if err != nil {
		info.Damage = append(info.Damage, err)
	}
	for _, g := range segments {
		err := walkSegment(g, info.Locked, func(e cwl.Event, at Place) error {
			info.count(e, at)
			return nil
		}, func(err error) { info.Damage = append(info.Damage, err) })
		if err != nil {
			info.Damage = append(info.Damage, err)
		}
		info.Segments++
		info.Bytes += g.size
	}
	return info
}

func (i *Info) count(e cwl.Event, at Place) {
	t := time.UnixMilli(e.Time)
	if i.Events == 0 || t.Before(i.Oldest) {
		i.Oldest = t
	}
	if i.Events == 0 || t.After(i.Newest) {
		i.Newest = t
	}
	i.Events++
	switch {
	case at.Own:
		i.Own++
	case at.Last:
		i.Records++
	}
}

// Walk calls fn for each event that is not acknowledged, in the order in which
// they would be read. The path is a spool folder, a subfolder or a segment. It
// changes nothing and takes no lock. The event's fragment is valid during the
// call. An error of fn ends the walk and is returned; what is wrong with the
// files does not end it, and is returned at the end.
func Walk(path string, fn func(e cwl.Event, at Place) error) error {
	segments, wrong, err := segmentsUnder(path)
	if err != nil {
		return err
	}
	for _, g := range segments {
		stop := error(nil)
		err := walkSegment(g, false, func(e cwl.Event, at Place) error {
			stop = fn(e, at)
			return stop
		}, func(err error) { wrong = append(wrong, err) })
		if stop != nil {
			return stop
		}
		if err != nil {
			wrong = append(wrong, err)
		}
	}
	return errors.Join(wrong...)
}

// walkSegment reads a segment as Read would. The tail of a live one may be on
// its way to the disk, and is no damage.
func walkSegment(g *segment, live bool, fn func(cwl.Event, Place) error, report func(error)) error {
	file, err := disk{}.OpenFile(g.path(), os.O_RDONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // settled meanwhile
	}
	if err != nil {
		return err
	}
	defer file.Close()
	tell := func(err error) {
		var d *DamageError
		if !live || !errors.As(err, &d) || !d.Tail {
			report(err)
		}
	}
	viewer := &Spool{fs: disk{}, opts: Options{Report: tell}}
	end, err := viewer.survey(g, longAsEver{file})
	if err != nil {
		return err
	}
	var streams reader
	sc := &scanner{file: file, size: end, marker: g.marker, offset: headerBytes}
	for {
		f, _, err := sc.scan()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", g.path(), err)
		}
		if err := walkFrame(g, f, &streams, fn); err != nil {
			return err
		}
	}
}

// A longAsEver is a file that a living process may cut meanwhile: what it cuts off
// are the zeros of a reserve.
type longAsEver struct{ File }

func (f longAsEver) ReadAt(b []byte, at int64) (int, error) {
	n, err := f.File.ReadAt(b, at)
	if errors.Is(err, io.EOF) {
		clear(b[n:])
		return len(b), nil
	}
	return n, err
}

func walkFrame(g *segment, f frame, streams *reader, fn func(cwl.Event, Place) error) error {
	body, last := f.body, g.lastLeft(f)
	var e cwl.Event
	for i := range f.events {
		var name []byte
		name, body, _ = nextEvent(body, &e)
		if g.acked.has(f.first + i) {
			continue
		}
		e.Stream = streams.intern(name)
		if err := fn(e, Place{Path: g.path(), Offset: f.offset, Event: f.first + i, Last: i+1 == last, Own: g.own}); err != nil {
			return err
		}
	}
	return nil
}

// subfolders lists the subfolders of a spool folder, oldest first.
func subfolders(dir string) ([]string, error) {
	names, err := disk{}.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, name := range names {
		if isFolderName(name) {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	return paths, nil
}

// segmentsUnder lists the segments of a spool folder, of a subfolder, or the
// one that the path names. What is wrong with one subfolder does not keep it from
// listing the others.
func segmentsUnder(path string) (segments []*segment, wrong []error, err error) {
	if name, ending, ok := parseFileName(filepath.Base(path)); ok && ending == segmentEnding {
		return []*segment{newSegment(&folder{path: filepath.Dir(path)}, name)}, nil, nil
	}
	if segments, err = segmentsIn(path); err != nil {
		return nil, nil, err
	}
	folders, err := subfolders(path)
	if err != nil {
		return nil, nil, err
	}
	for _, folder := range folders {
		more, err := segmentsIn(folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			wrong = append(wrong, fmt.Errorf("list spool folder %s: %w", folder, err))
		}
		segments = append(segments, more...)
	}
	return segments, wrong, nil
}

func segmentsIn(path string) ([]*segment, error) {
	names, err := disk{}.ReadDir(path)
	if err != nil {
		return nil, err
	}
	return segmentsOf(&folder{path: path}, names), nil
}

// segmentsOf returns the segments among the names in a folder, oldest first.
func segmentsOf(f *folder, names []string) []*segment {
	var found []*segment
	for _, base := range names {
		if name, ending, ok := parseFileName(base); ok && ending == segmentEnding {
			found = append(found, newSegment(f, name))
		}
	}
	slices.SortStableFunc(found, func(a, b *segment) int {
		return cmp.Compare(a.name.number, b.name.number)
	})
	return found
}
