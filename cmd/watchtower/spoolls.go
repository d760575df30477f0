package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"github.com/watchtower-go/watchtower/internal/spool"
	"github.com/watchtower-go/watchtower/internal/term"
)

// spoolLsCmd shows what a spool holds.
type spoolLsCmd struct {
	Dir    string `arg:"" placeholder:"DIR" help:"The spool: a program's SpoolDir."`
	Output string `short:"o" enum:"text,json" default:"text" placeholder:"FORMAT" help:"text (the default) or json."`
}

// Help is what "watchtower spool ls --help" says below the first line.
func (*spoolLsCmd) Help() string {
	return `A spool has a subfolder for each process that writes into it, or wrote. One is locked while its process lives; what is in the others waits for the next process with the same SpoolDir, or for "watchtower spool drain". Records and events are those that are not delivered yet, group and region those that they are for. Nothing is changed, not even what is damaged.

Examples:

    watchtower spool ls /var/spool/my-app
    watchtower spool ls /var/spool/my-app -o json | jq 'map(.records) | add'`
}

// Run prints one row a subfolder, oldest first.
func (l *spoolLsCmd) Run(con *console) error {
	infos, err := listSpool(l.Dir)
	if err != nil {
		return err
	}
	if l.Output == "json" {
		return printFoldersJSON(con, infos)
	}
	return printFolders(con, infos)
}

// printFolders prints a table, and below it what is damaged.
func printFolders(con *console, infos []spool.Info) error {
	if len(infos) == 0 {
		_, err := fmt.Fprintln(con.out, "empty: everything was delivered")
		return err
	}
	table := &term.Table{Right: []int{2, 3, 4, 5}}
	table.Row(con.paintAll(term.Bold, "FOLDER", "STATE", "SEGMENTS", "RECORDS", "EVENTS", "BYTES", "OLDEST", "NEWEST", "GROUP", "REGION")...)
	for _, i := range infos {
		region, group := ownedBy(i)
		table.Row(filepath.Base(i.Path), folderState(con, i),
			term.Count(i.Segments), term.Count(i.Records), term.Count(i.Events), term.Count(i.Bytes),
			eventTime(i.Oldest), eventTime(i.Newest), term.Visible(group), term.Visible(region))
	}
	if _, err := table.WriteTo(con.out); err != nil {
		return err
	}
	for _, i := range infos {
		for _, wrong := range i.Damage {
			if _, err := fmt.Fprintln(con.out, con.out.Paint(term.Yellow, "damage:"), term.Visible(wrong.Error())); err != nil {
				return err
			}
		}
	}
	return nil
}

func folderState(con *console, i spool.Info) string {
	switch {
	case len(i.Damage) > 0:
		return con.out.Paint(term.Yellow, lockState(i)+", damaged")
	case i.Locked:
		return lockState(i)
	}
	return con.out.Paint(term.Green, lockState(i))
}

func lockState(i spool.Info) string {
	if i.Locked {
		return "locked"
	}
	return "unlocked"
}

// eventTime is empty where there are no events.
func eventTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(textTime)
}

// paintAll paints each of the texts.
func (c *console) paintAll(st term.Style, texts ...string) []string {
	for i := range texts {
		texts[i] = c.out.Paint(st, texts[i])
	}
	return texts
}

// folderJSON is a subfolder in the output of ls -o json. Times are RFC 3339,
// and missing where there are no events.
type folderJSON struct {
	Path     string     `json:"path"`
	Group    string     `json:"group,omitempty"`
	Region   string     `json:"region,omitempty"`
	Locked   bool       `json:"locked"`
	Segments int        `json:"segments"`
	Records  int64      `json:"records"`
	Events   int64      `json:"events"`
	Bytes    int64      `json:"bytes"`
	Oldest   *time.Time `json:"oldest,omitempty"`
	Newest   *time.Time `json:"newest,omitempty"`
	Damage   []string   `json:"damage"`
}

func printFoldersJSON(con *console, infos []spool.Info) error {
	folders := make([]folderJSON, len(infos))
	for n, i := range infos {
		region, group := ownedBy(i)
		f := folderJSON{
			Path: i.Path, Group: group, Region: region, Locked: i.Locked, Segments: i.Segments,
			Records: i.Records, Events: i.Events, Bytes: i.Bytes, Damage: []string{},
		}
		if i.Events > 0 {
			f.Oldest, f.Newest = new(i.Oldest.UTC()), new(i.Newest.UTC())
		}
		for _, wrong := range i.Damage {
			f.Damage = append(f.Damage, wrong.Error())
		}
		folders[n] = f
	}
	e := json.NewEncoder(con.out)
	e.SetIndent("", "    ")
	e.SetEscapeHTML(false)
	return e.Encode(folders)
}
