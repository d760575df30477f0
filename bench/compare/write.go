package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// write puts the tables into performance.md, where its marks are, and the plots
// and the results themselves beside it. What was not run stays as it is.
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
	for _, s := range scenarios {
		if len(r.Runs[s.Name]) > 0 && columnsOf[s.Name] != nil {
			if page, err = replace(page, s.Name, r.table(s)); err != nil {
				return err
			}
		}
	}
	parts := map[string]string{"goals": r.goalTable(), "machine": r.Machine.text()}
	if r.Steps != nil {
		parts["steps"] = r.stepTable()
	}
	for mark, part := range parts {
		if page, err = replace(page, mark, part); err != nil {
			return err
		}
	}
	files := r.plots()
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	files["results.json"] = string(raw) + "\n"
	for file, content := range files {
		if err := os.WriteFile(filepath.Join(beside, file), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(name, []byte(page), 0o644)
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

func (m machine) text() string {
	return fmt.Sprintf("Measured on %s: %s, %d cores, %s, %s.\n", m.Day, m.CPU, m.Cores, m.System, m.Go)
}
