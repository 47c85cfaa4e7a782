using System.Collections.Immutable;
using System.Text;

namespace MeshCanary.Controller.Metrics.Providers.Http;

/// <summary>Credentials as header fields.</summary>
internal static class HttpCredentials
{
    /// <summary>
    /// What a server without ways of its own is shown: a bearer token, or user and password, and header fields by name. Nothing when the
    /// Secret has none of them.
    /// </summary>
    public static ImmutableArray<KeyValuePair<string, string>> Usual(MetricQuestion question)
    {
        var held = question.Credentials;
        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        if (held.TryGetValue(CredentialKeys.Token, out var token))
            headers.Add(new("Authorization", $"Bearer {token.Trim()}"));
        else if (held.TryGetValue(CredentialKeys.User, out var user))
            headers.Add(new("Authorization", Basic(user.Trim(), Required(question, CredentialKeys.Password).Trim())));
        headers.AddRange(Named(question));
        return headers.ToImmutable();
    }

    /// <summary>The header fields that the Secret has by name.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Named(MetricQuestion question) => question.Credentials
        .Where(pair => pair.Key.StartsWith(CredentialKeys.HeaderPrefix, StringComparison.Ordinal) && pair.Key.Length > CredentialKeys.HeaderPrefix.Length)
        .Select(pair => KeyValuePair.Create(pair.Key[CredentialKeys.HeaderPrefix.Length..], pair.Value));

    /// <summary>What the Secret has to hold.</summary>
    /// <exception cref="NoAnswerException">It does not.</exception>
    public static string Required(MetricQuestion question, string key) =>
        question.Credentials.TryGetValue(key, out var value) && !string.IsNullOrWhiteSpace(value)
            ? value.Trim()
            : throw NoAnswerException.Of(
                FaultKind.Refused,
                question.Provider.SecretName is { } secret
                    ? $"the Secret {question.Namespace}/{secret} has no key {key}. Add it"
                    : $"{question.Provider.Type} asks for {key}. Put it into a Secret of {question.Namespace} and name that in secretRef");

    private static string Basic(string user, string password) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";
}
