module github.com/watchtower-go/watchtower/bench

go 1.26.0

replace github.com/watchtower-go/watchtower => ../
