using System.Collections.Immutable;
using System.Text;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Controller.Metrics.Providers.Reading;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Providers.Web;

/// <summary>Any address that answers in JSON; a JSONPath says where the number is.</summary>
internal sealed class WebDialect : IProviderDialect
{
    /// <inheritdoc/>
    public string Type => MetricProviderTypes.Web;

    /// <inheritdoc/>
    public ProviderRequest Ask(MetricQuestion question)
    {
        var web = question.Provider.Web!;
        if (JsonPath.FaultOf(web.JsonPath) is { } fault)
            throw NoAnswerException.Of(FaultKind.BadQuery, fault);
        var headers = HttpCredentials.Usual(question);
        // What a POST does there is not known, so it is not done twice.
        return web.IsPost
            ? new ProviderRequest(HttpMethod.Post, new Uri(question.Provider.Address)) { Headers = headers, Body = question.Query, ContentType = web.ContentType, IsRead = false }
            : new ProviderRequest(HttpMethod.Get, Target(question)) { Headers = headers };
    }

    /// <inheritdoc/>
    public MetricAnswer Read(MetricQuestion question, ProviderReply reply)
    {
        var path = question.Provider.Web!.JsonPath;
        var found = JsonPath.Select(Encoding.UTF8.GetString(reply.Body.Span), path);
        if (found.Count == 0)
            return new MetricAnswer.Nothing($"{path} leads to nothing in the answer");
        // With a reduction all of it is one series, without one every place is one of its own.
        return SeriesReading.Answer(question, question.Provider.Reduce is not null
            ? [new MetricSeries(ImmutableDictionary<string, string>.Empty, [.. found.Select(node => new MetricPoint(null, node.Value))])]
            : [.. found.Select(node => MetricSeries.Of(found.Count == 1 ? ImmutableDictionary<string, string>.Empty : ImmutableDictionary<string, string>.Empty.Add("path", node.Path), node.Value))]);
    }

    // What a query may change is the path and what follows it, never who is asked.
    private static Uri Target(MetricQuestion question)
    {
        var query = question.Query.Trim();
        var address = new Uri(question.Provider.Address);
        var joined = query.StartsWith('/') ? question.Provider.Address.TrimEnd('/') + query : query.StartsWith('?') ? question.Provider.Address + query : "";
        return Uri.TryCreate(joined, UriKind.Absolute, out var target) && target.Authority == address.Authority && target.Scheme == address.Scheme && target.Fragment.Length == 0
            ? target
            : throw NoAnswerException.Of(FaultKind.BadQuery, $"'{query}' is not what may follow an address. Begin it with / or ?, such as /conversion?service=checkout");
    }
}
