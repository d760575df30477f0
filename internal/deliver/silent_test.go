package deliver

import (
	"bufio"
	"bytes"
	"net"
	"strconv"
	"testing"
)

// silentAnswer is that of a silent server to each request.
const silentAnswer = "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nDate: Fri, 02 Jan 2026 03:04:05 GMT\r\n" +
	"X-Amzn-Requestid: 2f9ab0d4-6c5b-4d0e-9f7e-8c2b1a0d3e4f\r\nContent-Length: 26\r\n\r\n" + `{"nextSequenceToken":"49"}`

// silent starts a server that takes every request and allocates nothing for it, so
// that what is counted in the process is the client's. It has one connection at a time.
func silent(t testing.TB) (url string) {
	t.Helper()
	return rawServer(t, answerAll)
}

// answerAll answers the requests of one connection until it ends.
func answerAll(conn net.Conn) {
	r, answer, length := bufio.NewReaderSize(conn, 64<<10), []byte(silentAnswer), 0
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return
		}
		if v, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			length, _ = strconv.Atoi(string(bytes.TrimSpace(v)))
		}
		if len(line) > len("\r\n") {
			continue // not the end of the header
		}
		if _, err := r.Discard(length); err != nil {
			return
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}
