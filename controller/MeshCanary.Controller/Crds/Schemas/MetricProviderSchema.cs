using MeshCanary.Rollouts.Specs;
using static MeshCanary.Controller.Crds.Schemas.Forms;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>The schema of who answers a metric template's query.</summary>
internal static class MetricProviderSchema
{
    public static FieldSchema Whole { get; } = Mapping("Who answers the query.")
        .Must("type", OneOf("Kind of the provider.", MetricProviderTypes.All))
        .With("address", Text("Its http or https address, with a path where it has one. Default for datadog, cloudWatch and newRelic: their own."))
        .With("secretRef", Mapping("A Secret of the same namespace with what the provider asks for to be let in.")
            .Must("name", Subdomain("Name of the Secret.")))
        .With("headers", MapOf(Text("The value."), "Header fields of every request, without credentials."))
        .With("tls", Mapping("How its certificate is checked. Default: by the authorities that the system trusts.")
            .With("authority", Text("Certificates of the authorities that are believed instead, as PEM."))
            .With("insecureSkipVerify", Flag("Take any certificate: whoever stands in between may then answer.")))
        .With("reduce", OneOf("Which number the points of a series stand for. datadog, cloudWatch and graphite ask for it.", "last", "average", "sum", "min", "max"))
        .With("cloudWatch", Mapping("What cloudWatch asks for.")
            .Must("region", Text("Region, such as eu-west-1."))
            .With("period", Duration("Length of a period of a query that is an expression, whole minutes up to 1h.").Or("1m")))
        .With("newRelic", Mapping("What newRelic asks for.")
            .Must("account", Whole64("Number of the account."))
            .With("field", Text("Which number of a row is meant. Default: the only one.")))
        .With("influxDb", Mapping("What influxDb asks for.")
            .With("language", OneOf("Language of the query.", "flux", "influxql", "sql").Or("flux"))
            .With("organization", Text("Organization: with flux."))
            .With("database", Text("Database: with influxql and sql.")))
        .With("web", Mapping("What an address of one's own asks for.")
            .Must("jsonPath", Text("Where the number is in the answer, as JSONPath.").Rule("pattern", @"^\$"))
            .With("method", OneOf("GET: the query follows the address. POST: the query is the body.", "GET", "POST").Or("GET"))
            .With("contentType", Text("Media type of the body. Default: application/json.")))
        .With("job", Mapping("What a Job asks for.")
            .Must("template", Anything("The Job, as in the jobTemplate of a CronJob.") with { Type = "object" })
            .With("deadline", Duration("Longest time that it may run, 10s to 1h.").Or("10m")));

    private static FieldSchema Whole64(string description) => Forms.Whole(description, 1, int.MaxValue);
}
