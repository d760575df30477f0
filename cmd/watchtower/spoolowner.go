package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/watchtower-go/watchtower/internal/spool"
	"github.com/watchtower-go/watchtower/internal/term"
)

// spoolOwner is the line by which the library says for whom events are: what
// another handler of the same region and group may deliver.
func spoolOwner(region, group string) string { return region + " " + group }

// ownedBy takes such a line apart. What an older version left says nothing.
func ownedBy(i spool.Info) (region, group string) {
	region, group, _ = strings.Cut(i.Owner, " ")
	return region, group
}

// ownerName names who may deliver what is in a subfolder.
func ownerName(i spool.Info) string {
	region, group := ownedBy(i)
	return fmt.Sprintf("log group %q in %s", group, region)
}

// foreign tells the subfolders whose events are for another log group, or
// another region.
func foreign(infos []spool.Info, owner string) (others, mine []spool.Info) {
	for _, i := range infos {
		if i.Owner != "" && i.Owner != owner && !i.Locked && i.Events > 0 {
			others = append(others, i)
		} else {
			mine = append(mine, i)
		}
	}
	return others, mine
}

// claim separates what is to be delivered from what is for others. With
// --any-group that becomes ours too.
func (d *spoolDrainCmd) claim(con *console, region string, infos []spool.Info) ([]spool.Info, error) {
	owner := spoolOwner(region, d.Group)
	others, mine := foreign(infos, owner)
	if len(others) == 0 {
		return infos, nil
	}
	if d.AnyGroup {
		for _, i := range others {
			if err := spool.Give(i.Path, owner); err != nil && !errors.Is(err, spool.ErrLocked) {
				return nil, explainSpool(err, d.Dir)
			}
		}
		return infos, nil
	}
	records, whose := int64(0), map[string]bool{}
	for _, i := range others {
		records += i.Records + i.Own
		whose[ownerName(i)] = true
	}
	names := strings.Join(slices.Sorted(maps.Keys(whose)), ", ")
	if left := countLeft(mine); left.records+left.own == 0 {
		return nil, withHints(fmt.Errorf("all that is left in the spool is for others: %s", names),
			"deliver it there, with that --group and --region",
			fmt.Sprintf("to deliver it to log group %q in %s all the same: --any-group", d.Group, region))
	}
	d.warning(con, "left alone: %s for %s; to deliver that too: --any-group", term.Plural(records, "record"), names)
	return mine, nil
}
