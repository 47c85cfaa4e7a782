using MeshCanary.Splitting.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace MeshCanary.Proxy.Routing;

/// <summary>What the rules may ask of a request; reads the request in place.</summary>
internal readonly struct RequestFacts(HttpRequest request) : IRequestFacts
{
    public string Path => request.Path.HasValue ? request.Path.Value : "/";

    public string Method => request.Method;

    public string? Find(RequestPart part, string name) => part switch
    {
        RequestPart.Header => request.Headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null,
        RequestPart.Cookie => CookieScan.Find(request.Headers.Cookie, name),
        RequestPart.Query => FindQuery(name),
        _ => null,
    };

    private string? FindQuery(string name)
    {
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (pair.DecodeName().Span.SequenceEqual(name))
                return pair.DecodeValue().ToString();
        }

        return null;
    }
}
