namespace MeshCanary.Controller.Metrics.Providers;

/// <summary>The keys that the Secret of a template may have.</summary>
internal static class CredentialKeys
{
    /// <summary>A bearer token, or the token of InfluxDB and Dynatrace.</summary>
    public const string Token = "token";

    /// <summary>Name of a user, with <see cref="Password"/>.</summary>
    public const string User = "username";

    /// <summary>Password of that user.</summary>
    public const string Password = "password";

    /// <summary>A key of an API: Datadog's, New Relic's.</summary>
    public const string ApiKey = "apiKey";

    /// <summary>Datadog's second key.</summary>
    public const string ApplicationKey = "applicationKey";

    /// <summary>Amazon's name of a key.</summary>
    public const string AccessKeyId = "accessKeyId";

    /// <summary>Amazon's key itself.</summary>
    public const string SecretAccessKey = "secretAccessKey";

    /// <summary>What goes along with a key that is lent for a time.</summary>
    public const string SessionToken = "sessionToken";

    /// <summary>Authorities that are believed, as PEM.</summary>
    public const string Authority = "ca.crt";

    /// <summary>A certificate to be let in by, as PEM.</summary>
    public const string Certificate = "tls.crt";

    /// <summary>The key of that certificate.</summary>
    public const string Key = "tls.key";

    /// <summary>A header field of any name goes under the key that begins with this.</summary>
    public const string HeaderPrefix = "header.";
}
