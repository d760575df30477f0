package examples_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The agent of ECS tells a container where its metadata is by a variable.
func TestECSExampleNamesItsTask(t *testing.T) {
	metadata := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v4/0123/task" {
			http.NotFound(w, r)
			return
		}
		w.Write([]byte(`{
			"Cluster": "arn:aws:ecs:us-west-2:111122223333:cluster/prod",
			"TaskARN": "arn:aws:ecs:us-west-2:111122223333:task/prod/e9028f8d5d8e4f258373e7b93ce9a3c3",
			"Family": "worker", "Revision": "3", "LaunchType": "FARGATE"
		}`))
	}))
	defer metadata.Close()
	t.Setenv("ECS_CONTAINER_METADATA_URI_V4", metadata.URL+"/v4/0123")
	e := start(t, "ecs")
	if out := e.end(t); out != "" {
		t.Errorf("standard output: %s", out)
	}
	const stream = "prod/worker/e9028f8d5d8e4f258373e7b93ce9a3c3: "
	want := []string{
		stream + `{"level":"INFO","msg":"started","logger":"worker"}`,
		stream + `{"level":"INFO","msg":"job done","logger":"worker","job":1}`,
		stream + `{"level":"INFO","msg":"job done","logger":"worker","job":2}`,
		stream + `{"level":"INFO","msg":"job done","logger":"worker","job":3}`,
		stream + `{"level":"INFO","msg":"no more jobs","logger":"worker"}`,
	}
	if diff := cmp.Diff(want, e.stored("ecs")); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}
