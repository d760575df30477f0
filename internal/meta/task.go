package meta

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// taskVariable has the address of the task metadata endpoint, version 4. The
// agent of ECS sets it in each container: agents since 1.39.0, Fargate since
// platform version 1.4.0.
const taskVariable = "ECS_CONTAINER_METADATA_URI_V4"

// task is the service that knows the ECS task.
func (p *Place) task() service {
	address := strings.TrimSuffix(p.get(taskVariable), "/")
	if address == "" {
		return service{err: errors.New(taskVariable + " is not set: this is no task of ECS, or its agent is older than 1.39.0")}
	}
	return service{
		address: address,
		err:     base(taskVariable, address),
		ask:     p.askTask,
		remedy:  "look whether the container reaches the task metadata endpoint",
	}
}

func (p *Place) askTask(ctx context.Context, address string) (map[string]string, error) {
	body, err := p.fetch(ctx, http.MethodGet, address+"/task", nil)
	if err != nil {
		return nil, err
	}
	return parseTask(body)
}

// parseTask takes the facts out of an answer of the task metadata endpoint:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-response.html
func parseTask(body []byte) (map[string]string, error) {
	var t struct{ Cluster, TaskARN string }
	if err := json.Unmarshal(body, &t); err != nil {
		return nil, fmt.Errorf("the task metadata endpoint answers no JSON: %w", err)
	}
	facts := make(map[string]string)
	facts[TaskID] = afterSlash(t.TaskARN)
	facts[Cluster] = afterSlash(t.Cluster)
	if facts[TaskID] == "" || facts[Cluster] == "" {
		return nil, errors.New("the task metadata endpoint names no TaskARN, or no Cluster")
	}
	return facts, nil
}

// afterSlash returns what follows the last slash: of an ARN the name, of a name
// all. The old form of a task's ARN has no cluster in it, the new one has:
//
//	arn:aws:ecs:REGION:ACCOUNT:task/ID
//	arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID
func afterSlash(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }
