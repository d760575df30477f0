package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const notMeasured = "Not measured.\n"

// write puts the tables into performance.md, where its marks are, and the plots
// and the results themselves beside it. What there are no results of is said to
// be not measured: nothing stays on the page that another machine has measured.
func (r *results) write(dir string) error {
	beside := filepath.Join(dir, "performance")
	if err := os.MkdirAll(beside, 0o755); err != nil {
		return err
	}
	name := filepath.Join(dir, "performance.md")
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	page := string(text)
	plots := r.plots()
	for _, p := range r.parts(plots) {
		if page, err = replace(page, p.mark, p.text); err != nil {
			return err
		}
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	files := map[string]string{"results.json": string(raw) + "\n"}
	for _, p := range plots {
		file := filepath.Join(beside, p.name+".svg")
		if p.svg == "" {
			if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			continue
		}
		files[p.name+".svg"] = p.svg
	}
	for file, content := range files {
		if err := os.WriteFile(filepath.Join(beside, file), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(name, []byte(page), 0o644)
}

// checkPage says whether a folder has a performance.md with all the marks: before
// anything is measured for it.
func checkPage(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, "performance.md"))
	if err != nil {
		return fmt.Errorf("-out wants the folder of performance.md, as docs/ has it: %w", err)
	}
	r := noResults()
	for _, p := range r.parts(r.plots()) {
		if _, err := replace(string(text), p.mark, p.text); err != nil {
			return fmt.Errorf("-out %s: %w", dir, err)
		}
	}
	return nil
}

// A part is what stands at a mark of the page.
type part struct{ mark, text string }

func (r *results) parts(plots []plot) []part {
	all := []part{{"machine", r.about()}, {"goals", r.goalTable(true)}, {"unmet", r.unmet()}}
	for _, s := range scenarios {
		if columnsOf[s.Name] == nil {
			continue
		}
		text := notMeasured
		if len(r.Runs[s.Name]) > 0 {
			text = r.table(s)
		}
		all = append(all, part{s.Name, text})
	}
	calls, steps := notMeasured, notMeasured
	if r.Calls != nil {
		calls = r.callTable()
	}
	if r.Steps != nil {
		steps = r.stepTable()
	}
	all = append(all, part{"calls", calls}, part{"steps", steps})
	for _, p := range plots {
		text := notMeasured
		if p.svg != "" {
			text = fmt.Sprintf("![%s](performance/%s.svg)\n", p.title, p.name)
			if p.caption != "" {
				text += "\n" + p.caption + "\n"
			}
		}
		all = append(all, part{"plot of " + p.name, text})
	}
	return all
}

// about is the machine and what was measured on it.
func (r *results) about() string {
	text := r.Machine.text() + "\n"
	if o := r.usual(); o.Day != "" {
		text += "Measured, where no table says otherwise:" + strings.Replace(r.originText(o), "On", "on", 1) + "\n"
	} else {
		text += "Measured on " + r.Machine.Day + ".\n"
	}
	if len(r.Versions) > 0 {
		var all []string
		for _, program := range slices.Sorted(maps.Keys(r.Versions)) {
			all = append(all, r.Versions[program])
		}
		text += "Versions: " + strings.Join(all, "; ") + ".\n"
	}
	return text
}

// replace puts a part between its marks in a page.
func replace(page, mark, part string) (string, error) {
	begin, end := "<!-- compare "+mark+" -->\n", "<!-- end -->\n"
	before, rest, ok := strings.Cut(page, begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return "", fmt.Errorf("performance.md has no %q with an %q behind it", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return before + begin + part + end + after, nil
}
