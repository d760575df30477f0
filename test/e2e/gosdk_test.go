//go:build e2e && unix

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/smithy-go"
)

// A goSDK calls the official Go client's methods by their names. Inputs and
// outputs cross as JSON, as they do for the clients in other languages.
type goSDK struct {
	ctx    context.Context
	client *cloudwatchlogs.Client
}

func newGoSDK(t *testing.T, url string) caller {
	return &goSDK{t.Context(), newSDK(t, url)}
}

func (c *goSDK) call(op string, in object, pages bool) ([]object, error) {
	method := reflect.ValueOf(c.client).MethodByName(op)
	if !method.IsValid() {
		return nil, fmt.Errorf("the Go SDK has no operation %s", op)
	}
	input := reflect.New(method.Type().In(1).Elem())
	text, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	// encoding/json ignores case, so logGroupName finds LogGroupName.
	if err := json.Unmarshal(text, input.Interface()); err != nil {
		return nil, err
	}
	if pages {
		return c.pages(input.Interface())
	}
	results := method.Call([]reflect.Value{reflect.ValueOf(c.ctx), input})
	if err, _ := results[1].Interface().(error); err != nil {
		return nil, answered(err)
	}
	page, err := wire(results[0].Interface())
	return []object{page}, err
}

// pages runs the SDK's paginator of the operation; paginators are functions,
// which reflection cannot find by name.
func (c *goSDK) pages(input any) ([]object, error) {
	switch in := input.(type) {
	case *cloudwatchlogs.DescribeLogGroupsInput:
		return drain(c.ctx, cloudwatchlogs.NewDescribeLogGroupsPaginator(c.client, in))
	case *cloudwatchlogs.DescribeLogStreamsInput:
		return drain(c.ctx, cloudwatchlogs.NewDescribeLogStreamsPaginator(c.client, in))
	case *cloudwatchlogs.FilterLogEventsInput:
		return drain(c.ctx, cloudwatchlogs.NewFilterLogEventsPaginator(c.client, in))
	}
	return nil, fmt.Errorf("no paginator for %T", input)
}

// A paginator is what the SDK's paginators have in common.
type paginator[Out any] interface {
	HasMorePages() bool
	NextPage(context.Context, ...func(*cloudwatchlogs.Options)) (Out, error)
}

func drain[Out any](ctx context.Context, p paginator[Out]) ([]object, error) {
	var pages []object
	for p.HasMorePages() {
		out, err := p.NextPage(ctx)
		if err != nil {
			return nil, answered(err)
		}
		page, err := wire(out)
		if err != nil {
			return nil, err
		}
		pages = append(pages, page)
	}
	return pages, nil
}

// answered turns the SDK's typed error into what all clients report.
func answered(err error) error {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return &answeredError{e.ErrorCode(), e.ErrorMessage()}
	}
	return err
}

// wire gives an SDK output the shape that it had on the wire.
func wire(out any) (object, error) {
	page, _ := members(reflect.ValueOf(out)).(object)
	delete(page, "resultMetadata") // the SDK's own notes, not the service's
	text, err := canonical(page)
	if err != nil {
		return nil, err
	}
	read := object{}
	return read, decode(text, &read)
}

// members walks a value: structs become objects by the API's member names
// (theirs in Go, but for the first letter), without what is not set.
func members(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		return members(v.Elem())
	case reflect.Slice:
		list := []any{}
		for i := range v.Len() {
			list = append(list, members(v.Index(i)))
		}
		return list
	case reflect.Struct:
		o := object{}
		for field, value := range v.Fields() {
			if field.IsExported() && !value.IsZero() {
				o[strings.ToLower(field.Name[:1])+field.Name[1:]] = members(value)
			}
		}
		return o
	}
	return v.Interface()
}
