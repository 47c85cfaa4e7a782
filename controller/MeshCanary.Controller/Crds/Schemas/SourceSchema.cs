using static MeshCanary.Controller.Crds.Schemas.Forms;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>The schema of <c>spec.analysis.source</c>.</summary>
internal static class SourceSchema
{
    public static FieldSchema Source { get; } = Mapping("Where the counts of both versions come from.")
        .Must("type", OneOf("Whose counts.", "proxy", "prometheus"))
        .With("address", Text("Of prometheus: its http or https address, with a path where it has one."))
        .With("secretRef", Mapping("A Secret of the same namespace: token, or username and password, or header.NAME; ca.crt.")
            .Must("name", Subdomain("Name of the Secret.")))
        .With("insecureSkipVerify", Flag("Whether any certificate is taken.").Or(false))
        .With("preset", OneOf("Whose metrics they are: fills in what is not written.", "istio", "linkerd", "envoyGateway", "nginx", "meshcanary"))
        .With("matchers", Text("Label matchers that every query gets besides, such as cluster=\"eu-1\"."))
        .With("revisions", Mapping("How series are told apart by revision.")
            .Must("label", LabelName("Name of the label."))
            .Must("by", OneOf("What its value is.", "name", "replicaSet", "service")))
        .With("requests", Mapping("The counter of finished requests.")
            .Must("metric", MetricName("Its name."))
            .Must("errors", ListOf(Pattern(), "Series that match any of these are failures."))
            .With("ignored", ListOf(Pattern(), "Series that match any of these are not counted: what clients gave up.")))
        .With("latency", Mapping("The histogram of latencies, classic or native.")
            .Must("metric", MetricName("Its name, without _bucket."))
            .Must("unit", OneOf("What it counts in.", "s", "ms")))
        .With("scrapeInterval", Duration("Time from scrape to scrape, 100ms to 30m. Default: found by the samples."))
        .With("delay", Duration("Time after a window's end until it is asked for, 0s to 30m. Default: one scrape interval."))
        .With("timeout", Duration("Longest wait for an answer, tries included; 100ms to 1m.").Or("10s"))
        .With("maxBehind", Duration("How far back missed windows are fetched, 1m to 24h.").Or("1h"));

    private static FieldSchema Pattern() => Mapping("Values of a label.")
        .Must("label", LabelName("Its name."))
        .Must("regex", Text("A regular expression that a whole value has to match."));

    private static FieldSchema LabelName(string description) => Text(description).Rule("pattern", "^[a-zA-Z_][a-zA-Z0-9_]*$");

    private static FieldSchema MetricName(string description) => Text(description).Rule("pattern", "^[a-zA-Z_:][a-zA-Z0-9_:]*$");
}
