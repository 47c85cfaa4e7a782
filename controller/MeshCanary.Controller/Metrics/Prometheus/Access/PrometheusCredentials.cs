using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;

namespace MeshCanary.Controller.Metrics.Prometheus.Access;

/// <summary>
/// What a Prometheus is shown and whom we believe, by the keys of a Secret: <c>token</c>, or <c>username</c> and
/// <c>password</c>; <c>header.NAME</c>; <c>ca.crt</c>. Other keys are somebody else's. Never logged. Immutable.
/// </summary>
internal sealed class PrometheusCredentials
{
    private const string HeaderKey = "header.";

    private readonly AuthenticationHeaderValue? _authorization;
    private readonly ImmutableArray<KeyValuePair<string, string>> _headers;

    private PrometheusCredentials(AuthenticationHeaderValue? authorization, ImmutableArray<KeyValuePair<string, string>> headers, string? authorities) =>
        (_authorization, _headers, Authorities) = (authorization, headers, authorities);

    /// <summary>Nothing is shown, and the system's authorities are believed.</summary>
    public static PrometheusCredentials None { get; } = new(null, [], null);

    /// <summary>PEM certificates of the authorities that are believed; null for the system's.</summary>
    public string? Authorities { get; }

    /// <summary>Reads them.</summary>
    /// <param name="keys">Values by key.</param>
    /// <param name="problem">What is wrong with them, in plain words and without a value; null when nothing is.</param>
    public static PrometheusCredentials Of(IReadOnlyDictionary<string, string> keys, out string? problem)
    {
        var token = keys.GetValueOrDefault("token")?.Trim();
        var (user, password) = (keys.GetValueOrDefault("username")?.Trim(), keys.GetValueOrDefault("password")?.Trim('\r', '\n'));
        ImmutableArray<KeyValuePair<string, string>> headers =
        [
            .. keys.Where(pair => pair.Key.StartsWith(HeaderKey, StringComparison.Ordinal))
                .Select(pair => KeyValuePair.Create(pair.Key[HeaderKey.Length..], pair.Value.Trim())),
        ];
        problem = token is not null && user is not null ? "the credentials hold a token and a username; keep one of them"
            : (user is null) != (password is null) ? "the credentials hold one of username and password; add the other"
            : headers.Concat(token is null ? [] : [KeyValuePair.Create("token", token)]).FirstOrDefault(pair => !IsPlain(pair.Value)) is { Key: { } name } ? $"the credentials' {name} holds characters that no header may have"
            : headers.FirstOrDefault(pair => !IsName(pair.Key)) is { Key: not null } odd ? $"the credentials' key {HeaderKey}{odd.Key} does not name a header"
            : null;
        if (problem is not null)
            return None;
        var authorization = token is not null ? new AuthenticationHeaderValue("Bearer", token)
            : user is not null ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")))
            : null;
        return new PrometheusCredentials(authorization, headers, keys.GetValueOrDefault("ca.crt"));
    }

    /// <summary>Shows them.</summary>
    public void AddTo(HttpRequestMessage request)
    {
        request.Headers.Authorization = _authorization;
        foreach (var (name, value) in _headers)
            request.Headers.TryAddWithoutValidation(name, value);
    }

    private static bool IsPlain(string value) => value.Length > 0 && value.All(letter => letter is >= ' ' and <= '~');

    private static bool IsName(string name) => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}
