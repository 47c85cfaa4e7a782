using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads the <c>spec</c> of a metric template.</summary>
internal static class MetricTemplateBinder
{
    public static MetricTemplateSpec? Bind(Value? spec, ErrorList errors)
    {
        var fields = FieldSet.Of(spec, errors, "spec: with provider and query");
        if (fields is null)
            return null;
        var provider = MetricProviderBinder.Bind(fields.Required("provider", MetricProviderBinder.Example), errors);
        var (query, total, args) = MetricQueryBinder.Bind(fields, errors);
        var interval = Durations.Read(fields.Optional("interval"), errors, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), "30s");
        // A Job has to start before it can answer.
        var longest = provider?.Type == MetricProviderTypes.Job ? TimeSpan.FromMinutes(10) : TimeSpan.FromMinutes(1);
        var timeout = Durations.Read(fields.Optional("timeout"), errors, TimeSpan.FromMilliseconds(100), longest, "10s");
        fields.Close();
        if (provider is null || query is null)
            return null;
        var defaults = new MetricTemplateSpec { Provider = provider, Query = query, TotalQuery = total, Arguments = args, Interval = interval };
        return defaults with { Timeout = timeout ?? defaults.Timeout };
    }
}
