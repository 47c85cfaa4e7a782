using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads names.</summary>
internal static class Names
{
    public static string? Label(Value? value, ErrorList errors, string example) =>
        Check(value, errors, example, DnsNames.IsLabel, "lower-case letters, digits and '-', beginning and ending with a letter or digit, at most 63");

    public static string? Subdomain(Value? value, ErrorList errors, string example) =>
        Check(value, errors, example, DnsNames.IsSubdomain, "lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit, at most 253");

    /// <summary>The name of a header or cookie (a token of RFC 9110).</summary>
    public static string? Token(Value? value, ErrorList errors, string example) =>
        Check(value, errors, example, IsToken, "letters, digits and !#$%&'*+-.^_`|~ only");

    /// <summary>A path that begins with a slash, without query.</summary>
    public static string? Path(Value? value, ErrorList errors, string example) =>
        Check(value, errors, example, path => path.StartsWith('/') && path.IndexOfAny(['?', '#', ' ']) < 0, "a path that begins with '/', without query or spaces");

    private static string? Check(Value? value, ErrorList errors, string example, Predicate<string> good, string rule)
    {
        if (Scalars.Text(value, errors, example) is not { } text)
            return null;
        if (good(text))
            return text;
        errors.Add(value!.Value, $"'{text}' is not allowed: it has to be {rule}", $"Write for example {example}");
        return null;
    }

    private static bool IsToken(string text) =>
        text.Length is > 0 and <= 128 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal));
}
