using System.Text.RegularExpressions;
using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.analysis.source</c>.</summary>
internal static partial class SourceBinder
{
    private const string Example = "source: { type: prometheus, address: http://prometheus.monitoring:9090, preset: istio }";
    private const string AddressExample = "http://prometheus.monitoring:9090";

    private static readonly string[] Marks = ["name", "replicaSet", "service", "address"];
    private static readonly string[] Presets = ["istio", "linkerd", "envoyGateway", "nginx", "meshcanary"];

    public static SourceSpec Bind(Value? source, Platform platform, ErrorList errors)
    {
        if (FieldSet.Of(source, errors, Example) is not { } fields)
            return new SourceSpec();
        var type = Scalars.OneOf(fields.Required("type", "type: prometheus"), errors, SourceSpec.Proxy, SourceSpec.PrometheusType);
        if (type is SourceSpec.PrometheusType)
            return new SourceSpec { Type = type, Prometheus = Prometheus(fields, platform, errors) };
        if (type is not null)
            fields.Close();
        return new SourceSpec();
    }

    /// <summary>Where a mesh or a gateway splits, no proxy of ours counts.</summary>
    public static void Check(SourceSpec source, RouterReading router, Platform platform, Value spec, ErrorList errors)
    {
        // Outside a cluster the router itself is refused already.
        if (platform == Platform.Kubernetes && !router.IsOurs && source.Type == SourceSpec.Proxy)
            errors.Add($"{spec.Path}.analysis.source", spec.Node.Line, spec.Node.Column, $"is missing: with the router '{router.Name}' no proxy of MeshCanary counts requests", $"Write {Example}");
    }

    private static PrometheusSpec? Prometheus(FieldSet fields, Platform platform, ErrorList errors)
    {
        var before = errors.Count;
        var address = Address(fields.Required("address", $"address: {AddressExample}"), errors);
        var (secret, folder) = Credentials(fields, platform, errors);
        var preset = fields.Optional("preset");
        var name = Scalars.OneOf(preset, errors, Presets);
        var spec = new PrometheusSpec
        {
            Address = address ?? "",
            SecretName = secret,
            CredentialsFolder = folder,
            SkipsVerification = Scalars.OneOf(fields.Optional("insecureSkipVerify"), errors, "true", "false") == "true",
            Preset = name is null ? null : Enum.Parse<MetricPreset>(name, ignoreCase: true),
            Matchers = Matching(fields.Optional("matchers"), errors) ?? "",
            Revisions = Revisions(fields.Optional("revisions"), platform, errors),
            Requests = Requests(fields.Optional("requests"), errors),
            Latency = Latency(fields.Optional("latency"), errors),
            ScrapeInterval = Durations.Read(fields.Optional("scrapeInterval"), errors, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(30), "15s"),
            Delay = Durations.Read(fields.Optional("delay"), errors, TimeSpan.Zero, TimeSpan.FromMinutes(30), "15s"),
        };
        spec = spec with
        {
            Timeout = Durations.Read(fields.Optional("timeout"), errors, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), "10s") ?? spec.Timeout,
            MaxBehind = Durations.Read(fields.Optional("maxBehind"), errors, TimeSpan.FromMinutes(1), TimeSpan.FromHours(24), "1h") ?? spec.MaxBehind,
        };
        fields.Close();
        if (errors.Count == before)
            Complete(spec, fields.At, platform, errors);
        return errors.Count == before ? spec : null;
    }

    // What the preset does not fill in has to be written.
    private static void Complete(PrometheusSpec spec, Value at, Platform platform, ErrorList errors)
    {
        if (spec.Preset is null && (spec.Requests is null || spec.Latency is null || spec.Revisions is null))
            errors.Add(at, "says neither whose metrics they are nor all of requests, latency and revisions", "Add preset: istio, or requests, latency and revisions of your own");
        else if (spec is { Preset: not (null or MetricPreset.Meshcanary), Revisions: null } && platform == Platform.Standalone)
            errors.Add(at, "tells revisions by pods or Services, and there are none outside a cluster", "Add revisions: { label: instance, by: address }, or another label that tells them");
    }

    private static (string? Secret, string? Folder) Credentials(FieldSet fields, Platform platform, ErrorList errors)
    {
        if (platform == Platform.Standalone)
        {
            fields.Refuse("secretRef", "there are no Secrets outside a cluster", "Write credentials: with a folder that has a file for each key");
            return (null, Scalars.Text(fields.Optional("credentials"), errors, "/etc/meshcanary/prometheus"));
        }

        fields.Refuse("credentials", "names a folder, and a controller in a cluster reads no files of yours", "Write secretRef: { name: prometheus-credentials }");
        if (FieldSet.Of(fields.Optional("secretRef"), errors, "secretRef: { name: prometheus-credentials }") is not { } secret)
            return (null, null);
        var name = Names.Subdomain(secret.Required("name", "name: prometheus-credentials"), errors, "prometheus-credentials");
        secret.Close();
        return (name, null);
    }

    private static string? Address(Value? value, ErrorList errors)
    {
        if (Scalars.Text(value, errors, AddressExample) is not { } text)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.Host.Length == 0)
            errors.Add(value!.Value, $"'{text}' is not an absolute http or https address", $"Write for example {AddressExample}");
        else if (uri.UserInfo.Length > 0)
            errors.Add(value!.Value, "holds credentials, which everybody may read here", "Put them into a Secret (secretRef), or into files (credentials)");
        else if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            errors.Add(value!.Value, $"'{text}' holds a query or fragment", "Leave it out");
        else
            return text.TrimEnd('/');
        return null;
    }

    private static RevisionLabelSpec? Revisions(Value? value, Platform platform, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, "revisions: { label: pod, by: replicaSet }") is not { } fields)
            return null;
        var label = Named(fields.Required("label", "label: pod"), Label(), errors, "pod");
        var at = fields.Required("by", "by: replicaSet");
        var by = Scalars.OneOf(at, errors, Marks);
        fields.Close();
        if (by is "replicaSet" or "service" && platform == Platform.Standalone)
            errors.Add(at!.Value, $"there are no pods and no Services outside a cluster to tell revisions by '{by}'", "Write by: address or by: name");
        else if (by is "address" && platform == Platform.Kubernetes)
            errors.Add(at!.Value, "revisions have no addresses of their own in a cluster", "Write by: replicaSet with a label that holds the pod's name");
        return label is null || by is null ? null : new RevisionLabelSpec(label, Enum.Parse<RevisionMark>(by, ignoreCase: true));
    }

    private static RequestMetricSpec? Requests(Value? value, ErrorList errors)
    {
        const string Patterns = "[{ label: code, regex: \"5..\" }]";
        if (FieldSet.Of(value, errors, "requests: { metric: http_requests_total, errors: [{ label: code, regex: \"5..\" }] }") is not { } fields)
            return null;
        var metric = Named(fields.Required("metric", "metric: http_requests_total"), Metric(), errors, "http_requests_total");
        var failures = Lists.Of(fields.Required("errors", $"errors: {Patterns}"), errors, Patterns, item => Pattern(item, errors));
        var ignored = Lists.Of(fields.Optional("ignored"), errors, "[{ label: code, regex: \"499\" }]", item => Pattern(item, errors));
        fields.Close();
        return metric is null ? null : new RequestMetricSpec { Metric = metric, Errors = failures, Ignored = ignored };
    }

    private static LabelPatternSpec? Pattern(Value value, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, "{ label: code, regex: \"5..\" }") is not { } fields)
            return null;
        var label = Named(fields.Required("label", "label: code"), Label(), errors, "code");
        var at = fields.Required("regex", "regex: \"5..\"");
        var regex = Scalars.Text(at, errors, "\"5..\"");
        fields.Close();
        if (label is null || regex is null)
            return null;
        try
        {
            _ = new Regex(regex, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            return new LabelPatternSpec(label, regex);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            errors.Add(at!.Value, $"'{regex}' is not a regular expression that can be used: {fault.Message.TrimEnd('.')}", "Write for example \"5..\"");
            return null;
        }
    }

    private static LatencyMetricSpec? Latency(Value? value, ErrorList errors)
    {
        if (FieldSet.Of(value, errors, "latency: { metric: http_request_duration_seconds, unit: s }") is not { } fields)
            return null;
        var metric = Named(fields.Required("metric", "metric: http_request_duration_seconds"), Metric(), errors, "http_request_duration_seconds, without _bucket");
        var unit = Scalars.OneOf(fields.Required("unit", "unit: s"), errors, "s", "ms");
        fields.Close();
        return metric is null || unit is null ? null : new LatencyMetricSpec(metric.EndsWith("_bucket", StringComparison.Ordinal) ? metric[..^7] : metric, unit == "ms");
    }

    private static string? Matching(Value? value, ErrorList errors)
    {
        const string MatcherExample = "'cluster=\"eu-1\", job=~\"istio.*\"'";
        if (Scalars.Text(value, errors, MatcherExample) is not { } text)
            return null;
        if (Matcher().IsMatch(text))
            return text.Trim().TrimEnd(',').TrimEnd();
        errors.Add(value!.Value, $"'{text}' is not a list of label matchers", $"Write for example {MatcherExample}");
        return null;
    }

    private static string? Named(Value? value, Regex form, ErrorList errors, string example)
    {
        if (Scalars.Text(value, errors, example) is not { } text)
            return null;
        if (form.IsMatch(text))
            return text;
        errors.Add(value!.Value, $"'{text}' is not a name that Prometheus has", $"Write for example {example}");
        return null;
    }

    [GeneratedRegex(@"^[a-zA-Z_:][a-zA-Z0-9_:]*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Metric();

    [GeneratedRegex(@"^[a-zA-Z_][a-zA-Z0-9_]*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Label();

    [GeneratedRegex("""^(\s*[a-zA-Z_][a-zA-Z0-9_]*\s*(=|!=|=~|!~)\s*"([^"\\]|\\.)*"\s*,)*\s*[a-zA-Z_][a-zA-Z0-9_]*\s*(=|!=|=~|!~)\s*"([^"\\]|\\.)*"\s*,?\s*\z""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Matcher();
}
