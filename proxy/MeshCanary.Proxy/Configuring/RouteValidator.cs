using System.Buffers;
using System.Net;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Endpoints;
using MeshCanary.Splitting.Rules;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Proxy.Configuring;

/// <summary>Finds every fault of one route.</summary>
internal static class RouteValidator
{
    private static readonly SearchValues<char> ForbiddenInPaths = SearchValues.Create("?#*\\");

    public static IEnumerable<string> Faults(Route route) =>
    [
        .. NameFaults("name", route.Name),
        .. route.Hosts.SelectMany(HostFaults),
        .. PrefixFaults(route.PathPrefix),
        .. PortFaults(route.Port),
        .. StableFaults(route),
        .. CanaryFaults(route),
        .. StickinessFaults(route.Stickiness),
        .. SigningKeys.Faults(route.Stickiness),
        .. GuardValidator.Faults(route),
        .. route.CanaryRules.SelectMany((rule, i) =>
            MatchRuleValidator.Problems(RuleTranslator.Translate(rule)).Select(problem => $"canary_rules[{i}].{problem}")),
    ];

    private static IEnumerable<string> NameFaults(string field, string name)
    {
        if (string.IsNullOrEmpty(name))
            yield return $"{field}: is empty.";
        else if (name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            yield return $"{field}: '{name}' contains white space.";
    }

    private static IEnumerable<string> HostFaults(string host)
    {
        var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
        if (Uri.CheckHostName(name) is UriHostNameType.Unknown)
            yield return $"hosts: '{host}' is not a host name without port (such as shop.example or *.shop.example).";
    }

    private static IEnumerable<string> PrefixFaults(string prefix)
    {
        if (!prefix.StartsWith('/'))
            yield return $"path_prefix: '{prefix}' must start with '/'.";
        else if (prefix.Contains("//", StringComparison.Ordinal) || prefix.AsSpan().ContainsAny(ForbiddenInPaths))
            yield return $"path_prefix: '{prefix}' contains '//', '?', '#', '*' or '\\', which no prefix may.";
    }

    private static IEnumerable<string> PortFaults(uint port)
    {
        if (port > IPEndPoint.MaxPort)
            yield return $"port: {port} is above {IPEndPoint.MaxPort}.";
    }

    private static IEnumerable<string> StableFaults(Route route) =>
        route.Stable is null ? ["stable: is missing; every route has a stable arm."] : ArmFaults("stable", route.Stable);

    private static IEnumerable<string> CanaryFaults(Route route)
    {
        if (route.CanaryWeight > BasisPoints.Whole)
            yield return $"canary_weight: {route.CanaryWeight} is above {BasisPoints.Whole} basis points.";
        if (route.Canary is null)
        {
            if (route.CanaryWeight > 0)
                yield return $"canary_weight: is {route.CanaryWeight}, but there is no canary arm.";
            if (route.CanaryRules.Count > 0)
                yield return "canary_rules: are given, but there is no canary arm.";
            yield break;
        }

        foreach (var fault in ArmFaults("canary", route.Canary))
            yield return fault;
        if (string.Equals(route.Stable?.Revision, route.Canary.Revision, StringComparison.Ordinal))
            yield return $"canary.revision: '{route.Canary.Revision}' is also stable's; the arms must differ.";
    }

    private static IEnumerable<string> ArmFaults(string arm, Arm value)
    {
        foreach (var fault in NameFaults($"{arm}.revision", value.Revision))
            yield return fault;
        foreach (var endpoint in value.Endpoints.Where(endpoint => !IsAddress(endpoint)))
            yield return $"{arm}.endpoints: '{endpoint}' is not an absolute http or https address (such as http://10.0.0.7:8080).";
        foreach (var twice in value.Endpoints.GroupBy(endpoint => endpoint, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            yield return $"{arm}.endpoints: '{twice.Key}' is given {twice.Count()} times.";
        foreach (var fault in HeaderValidator.Faults($"{arm}.request_headers", value.RequestHeaders, ofRequest: true))
            yield return fault;
        foreach (var fault in HeaderValidator.Faults($"{arm}.response_headers", value.ResponseHeaders, ofRequest: false))
            yield return fault;
        foreach (var fault in EndpointFaults.Of(arm, value))
            yield return fault;
    }

    private static bool IsAddress(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.Host.Length > 0
        && address.Query.Length == 0
        && address.Fragment.Length == 0;

    private static IEnumerable<string> StickinessFaults(Stickiness? stickiness)
    {
        var (field, name) = stickiness?.KeyCase switch
        {
            Stickiness.KeyOneofCase.Cookie => ("cookie", stickiness.Cookie),
            Stickiness.KeyOneofCase.Header => ("header", stickiness.Header),
            _ => (null, ""),
        };
        if (field is not null && !HeaderValidator.IsToken(name))
            yield return $"stickiness.{field}: '{name}' is not a {field} name.";
    }
}
