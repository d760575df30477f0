package cwlocal

import (
	"encoding/xml"
	"net/http"
	"net/url"
)

// serveQuery answers the AWS Query protocol, which STS speaks: a form with the
// name of the operation in Action, answered in XML. It serves GetCallerIdentity
// only, so that tools that ask who they are before anything else go on.
func (c *call) serveQuery(w http.ResponseWriter, r *http.Request) *apiError {
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return refuse(http.StatusBadRequest, "SerializationException", "the form cannot be read: "+err.Error())
	}
	c.op = form.Get("Action")
	id := w.Header().Get("X-Amzn-RequestId")
	var answer any
	status := http.StatusOK
	if c.op == "GetCallerIdentity" {
		var fault *apiError
		if w, fault = c.strike(w, r); fault != nil {
			answer, status = queryError("Receiver", fault.code, fault.message, id), fault.status
			fault.setRetryAfter(w)
		} else {
			answer = c.callerIdentity(id)
		}
	} else {
		answer, status = queryError("Sender", "InvalidAction", "Could not find operation "+c.op+": watchtower local serves GetCallerIdentity of STS only", id), http.StatusBadRequest
	}
	data, err := xml.Marshal(answer)
	if err != nil {
		return asAPIError(err)
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = w.Write(data) // a client that has gone needs no answer
	return nil
}

const stsNamespace = "https://sts.amazonaws.com/doc/2011-06-15/"

type callerIdentityAnswer struct {
	XMLName   xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ GetCallerIdentityResponse"`
	ARN       string   `xml:"GetCallerIdentityResult>Arn"`
	UserID    string   `xml:"GetCallerIdentityResult>UserId"`
	Account   string   `xml:"GetCallerIdentityResult>Account"`
	RequestID string   `xml:"ResponseMetadata>RequestId"`
}

// callerIdentity says that everybody is the root user of the account.
func (c *call) callerIdentity(requestID string) callerIdentityAnswer {
	account := c.cfg.AccountID
	return callerIdentityAnswer{ARN: "arn:" + partition(c.region) + ":iam::" + account + ":root", UserID: account, Account: account, RequestID: requestID}
}

type queryErrorAnswer struct {
	XMLName   xml.Name `xml:"ErrorResponse"`
	Namespace string   `xml:"xmlns,attr"`
	Type      string   `xml:"Error>Type"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestID string   `xml:"RequestId"`
}

func queryError(kind, code, message, requestID string) queryErrorAnswer {
	return queryErrorAnswer{Namespace: stsNamespace, Type: kind, Code: code, Message: message, RequestID: requestID}
}
