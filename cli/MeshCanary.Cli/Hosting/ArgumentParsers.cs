using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace MeshCanary.Cli.Hosting;

/// <summary>Reads the kinds of values that options share, and says what is wrong with one that cannot be read.</summary>
internal static partial class ArgumentParsers
{
    /// <summary>An absolute http or https address.</summary>
    public static Uri? Url(ArgumentResult result, string text)
    {
        if (TryUrl(text) is { } url)
            return url;
        result.AddError($"'{text}' is not an http or https address, such as http://127.0.0.1:9001.");
        return null;
    }

    /// <summary>An absolute http or https address, or null.</summary>
    public static Uri? TryUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;

    /// <summary>An absolute http or https address of a server, without path, query, fragment or user.</summary>
    public static Uri? Root(ArgumentResult result, string text)
    {
        if (Url(result, text) is not { } url)
            return null;
        if (url.PathAndQuery == "/" && url.Fragment.Length == 0 && url.UserInfo.Length == 0)
            return url;
        result.AddError($"'{text}' holds more than scheme, host and port; write {url.Scheme}://{url.Authority}.");
        return null;
    }

    /// <summary><c>NAMESPACE/NAME</c>, both as Kubernetes has them.</summary>
    public static string? NamespacedName(ArgumentResult result, string text)
    {
        if (NamespacedNameFormat().IsMatch(text))
            return text;
        result.AddError($"'{text}' is not NAMESPACE/NAME, such as shop/checkout.");
        return null;
    }

    /// <summary><c>HOST:PORT</c> where HOST is an IP address, <c>localhost</c> or <c>*</c> for all addresses.</summary>
    public static IPEndPoint? EndPoint(ArgumentResult result) => EndPoint(result, result.Tokens[0].Value);

    /// <summary>The same of one of several values.</summary>
    public static IPEndPoint? EndPoint(ArgumentResult result, string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "" : text[..colon];
        if (int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port <= IPEndPoint.MaxPort
            && Address(host) is { } address)
            return new IPEndPoint(address, port);
        result.AddError($"'{text}' is not an address to listen on, such as 127.0.0.1:8080, [::1]:8080 or *:8080 (all addresses).");
        return null;
    }

    /// <summary>A duration such as <c>500ms</c>, <c>30s</c>, <c>5m</c> or <c>1h30m</c>.</summary>
    public static TimeSpan Duration(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (DurationFormat().Match(text) is { Success: true } match)
        {
            var parts = match.Groups[1].Captures.Zip(match.Groups[2].Captures);
            var seconds = parts.Sum(part => double.Parse(part.First.ValueSpan, CultureInfo.InvariantCulture) * UnitSeconds(part.Second.Value));
            if (seconds <= TimeSpan.FromDays(365).TotalSeconds)
                return TimeSpan.FromSeconds(seconds);
        }

        result.AddError($"'{text}' is not a duration, such as 500ms, 30s, 5m or 1h30m.");
        return default;
    }

    private static double UnitSeconds(string unit) => unit switch
    {
        "ms" => 0.001,
        "s" => 1,
        "m" => 60,
        _ => 3600,
    };

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?/[a-z0-9]([-.a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamespacedNameFormat();

    [GeneratedRegex(@"^(?:([0-9]{1,9}(?:\.[0-9]{1,3})?)(ms|s|m|h))+\z", RegexOptions.CultureInvariant)]
    private static partial Regex DurationFormat();

    private static IPAddress? Address(string host) => host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        _ => IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address : null,
    };
}
