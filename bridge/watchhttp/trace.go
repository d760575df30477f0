package watchhttp

import "strings"

// traceparentID returns the trace id of a traceparent header, 32 hex digits, or
// "" if the header is invalid: https://www.w3.org/TR/trace-context/#traceparent-header.
func traceparentID(header string) string {
	const length = len("00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")
	if len(header) < length || header[2] != '-' || header[35] != '-' || header[52] != '-' {
		return ""
	}
	version, trace, parent, flags := header[:2], header[3:35], header[36:52], header[53:55]
	switch {
	case !isHex(version) || !isHex(trace) || !isHex(parent) || !isHex(flags),
		version == "ff", isZero(trace), isZero(parent),
		version == "00" && len(header) != length,
		len(header) > length && header[length] != '-': // later versions may go on so
		return ""
	}
	return trace
}

// xrayRoot returns the root of an X-Amzn-Trace-Id header, such as
// "1-5759e988-bd862e3fe1be46a994272793", or "" if it has no valid one:
// https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader.
// Load balancers put Self before it, and other fields may follow.
func xrayRoot(header string) string {
	for field := range strings.SplitSeq(header, ";") {
		root, ok := strings.CutPrefix(strings.TrimSpace(field), "Root=")
		if !ok {
			continue
		}
		const length = len("1-5759e988-bd862e3fe1be46a994272793")
		if len(root) != length || root[:2] != "1-" || root[10] != '-' || !isHex(root[2:10]) || !isHex(root[11:]) {
			return ""
		}
		return root
	}
	return ""
}

// xrayTraceID writes an X-Ray root as a trace id of W3C, as OpenTelemetry does:
// the same digits.
func xrayTraceID(root string) string { return root[2:10] + root[11:] }

func isHex(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || '9' < c) && (c < 'a' || 'f' < c) {
			return false
		}
	}
	return true
}

func isZero(s string) bool { return strings.Trim(s, "0") == "" }
