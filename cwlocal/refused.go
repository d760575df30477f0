package cwlocal

// refused are the operations that the server answers with an error, by the
// reason that the error gives.
var refused = map[string][]string{
	"log transformers are not run": {
		"DeleteTransformer", "GetTransformer", "PutTransformer", "TestTransformer",
	},
	"there is no Logs Insights": {
		"DeleteQueryDefinition", "DescribeQueries", "DescribeQueryDefinitions", "GetLogGroupFields", "GetLogRecord", "GetQueryResults",
		"ListLogGroupsForQuery", "PutQueryDefinition", "StartQuery", "StopQuery",
	},
	"there is no Live Tail; poll FilterLogEvents instead": {
		"StartLiveTail",
	},
	"there are no metrics to make of events": {
		"DeleteMetricFilter", "DescribeMetricFilters", "PutMetricFilter", "TestMetricFilter",
	},
	"events are not forwarded to subscribers": {
		"DeleteDestination", "DeleteSubscriptionFilter", "DescribeDestinations", "DescribeSubscriptionFilters",
		"PutDestination", "PutDestinationPolicy", "PutSubscriptionFilter",
	},
	"there is no S3 to export to or import from": {
		"CancelExportTask", "CancelImportTask", "CreateExportTask", "CreateImportTask",
		"DescribeExportTasks", "DescribeImportTaskBatches", "DescribeImportTasks",
	},
	"policies of accounts and resources are not applied": {
		"DeleteAccountPolicy", "DeleteResourcePolicy", "DescribeAccountPolicies", "DescribeResourcePolicies",
		"PutAccountPolicy", "PutResourcePolicy",
	},
	"data protection is not applied, nothing is masked": {
		"DeleteDataProtectionPolicy", "GetDataProtectionPolicy", "PutDataProtectionPolicy",
	},
	"fields are not indexed": {
		"DeleteIndexPolicy", "DescribeFieldIndexes", "DescribeIndexPolicies", "PutIndexPolicy",
	},
	"anomalies are not looked for": {
		"CreateLogAnomalyDetector", "DeleteLogAnomalyDetector", "GetLogAnomalyDetector", "ListAnomalies",
		"ListLogAnomalyDetectors", "UpdateAnomaly", "UpdateLogAnomalyDetector",
	},
	"there are no AWS services here that deliver logs": {
		"CreateDelivery", "DeleteDelivery", "DeleteDeliveryDestination", "DeleteDeliveryDestinationPolicy", "DeleteDeliverySource",
		"DescribeConfigurationTemplates", "DescribeDeliveries", "DescribeDeliveryDestinations", "DescribeDeliverySources",
		"GetDelivery", "GetDeliveryDestination", "GetDeliveryDestinationPolicy", "GetDeliverySource",
		"PutDeliveryDestination", "PutDeliveryDestinationPolicy", "PutDeliverySource", "UpdateDeliveryConfiguration",
	},
	"there are no integrations with OpenSearch or S3 tables": {
		"AssociateSourceToS3TableIntegration", "DeleteIntegration", "DisassociateSourceFromS3TableIntegration",
		"GetIntegration", "ListIntegrations", "ListSourcesForS3TableIntegration", "PutIntegration",
	},
	"queries are not scheduled": {
		"CreateScheduledQuery", "DeleteScheduledQuery", "GetScheduledQuery", "GetScheduledQueryHistory",
		"ListScheduledQueries", "UpdateScheduledQuery",
	},
	"there are no lookup tables": {
		"CreateLookupTable", "DeleteLookupTable", "DescribeLookupTables", "GetLookupTable", "UpdateLookupTable",
	},
	"syslog is not received": {
		"DeleteSyslogConfiguration", "ListSyslogConfigurations", "PutSyslogConfiguration",
	},
	"there are no endpoints that take bearer tokens": {
		"PutBearerTokenAuthentication",
	},
	"storage has one tier": {
		"GetStorageTierPolicy", "PutStorageTierPolicy",
	},
	"there are no data sources and large objects": {
		"GetLogFields", "GetLogObject", "ListAggregateLogGroupSummaries",
	},
}
