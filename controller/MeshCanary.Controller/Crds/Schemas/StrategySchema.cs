using static MeshCanary.Controller.Crds.Schemas.Forms;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>The schema of <c>spec.strategy</c>.</summary>
internal static class StrategySchema
{
    private const long Most = 1_000_000_000_000;

    public static FieldSchema Strategy { get; } = Mapping("How a new version gets its traffic.")
        .With("type", OneOf("canary: the weight is raised step by step.", "canary").Or("canary"))
        .Must("steps", ListOf(Step(), "The steps in order: each a weight, higher than the last, or an approval. At least one has a weight. After the last one the version is promoted.").Rule("minItems", 1))
        .With("stickiness", Anything("Keeps a user on one version: { cookie: NAME }, { header: NAME }, or none. Default: none.")
            .With("cookie", Token("Name of the cookie; minted when a request has none."))
            .With("header", Token("Name of the request header."))
            .With("signed", Flag("Whether cookies are signed and others replaced; only with cookie. Default: false."))
            .With("lifetime", Duration("Life of a minted cookie, 1m to 9600h; only with cookie. Default: the browser's session.")))
        .With("match", ListOf(Condition("One condition, or several under all.").With("all", ListOf(Condition("One condition."), "Conditions that all have to hold.")), "Requests that go to the new version whatever the weight, while it has one. Any rule of the list is enough."))
        .With("mirror", Mapping("Copies of stable's requests for the new version. Their answers reach nobody.")
            .Must("share", Percent("Share of stable's requests, 0.01% to 100%."))
            .With("maxConcurrent", Forms.Whole("Copies on their way at a time, from one proxy.", 1, 10_000).Or(64))
            .With("maxBody", Size("Longest request body that is copied, 1B to 16MiB.").Or("64KiB"))
            .With("timeout", Duration("Longest time of one copy, 10ms to 10m.").Or("10s")))
        .With("exposure", Mapping("What a run may cost at most, over all proxies.")
            .With("maxRequests", Forms.Whole("Requests that a run may give the new version. Default: no limit.", 1, Most))
            .With("maxFailures", Forms.Whole("Failures of the new version that a run may cost. Default: no limit.", 1, Most)))
        .With("circuit", Anything("When a proxy by itself takes the new version out, at a burst of failures that stable does not share: on, off, or a mapping. Default: on.")
            .With("failures", Forms.Whole("At least so many failures within the window. Default: 10.", 1, 10_000))
            .With("failurePercent", Percent("And at least this share of the new version's requests, in whole percent. Default: 50%."))
            .With("window", Duration("The window, 100ms to 1m. Default: 1s."))
            .With("pause", Duration("How long it stays out before single requests try it again, 100ms to 1h. Default: 10s.")));

    private static FieldSchema Step() => Mapping("A weight that is held and analysed, or an approval that is waited for.")
        .With("weight", Anything("Share of the traffic for the new version in percent, 0.01 to 100 with at most two decimals: 12.5 or 12.5%."))
        .With("minDuration", Duration("Shortest time at this weight, however good the evidence. Default: three intervals."))
        .With("maxDuration", Duration("Longest time at this weight without a Pass; then analysis.onInconclusive decides. Default: 20m."))
        .With("approval", Mapping("Waits at the weight it finds for a person's consent.")
            .Must("timeout", Duration("Longest wait, from 1s."))
            .With("onTimeout", OneOf("What then happens: abort rolls back, promote goes on with the next step.", "abort", "promote").Or("abort")));

    private static FieldSchema Condition(string description) => Mapping(description)
        .With("header", Named("A request header."))
        .With("cookie", Named("A cookie."))
        .With("query", Named("A query parameter."))
        .With("path", Compared("The path, decoded."))
        .With("method", Compared("The method, such as PUT."));

    private static FieldSchema Named(string description) => Compared(description)
        .Must("name", Text("Its name."))
        .With("present", Flag("true: that it is there is enough.").Rule("enum", new System.Text.Json.Nodes.JsonArray(true)));

    private static FieldSchema Compared(string description) => Mapping($"{description} One comparison.")
        .With("exact", Text("It is this text."))
        .With("prefix", Text("It begins with this text."))
        .With("regex", Text("The whole value matches this pattern, in linear time: without look-around, back-references and atomic groups."));
}
