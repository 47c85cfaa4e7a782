using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MeshCanary.Controller.Metrics.Providers.Http;

/// <summary>What a connection to a provider trusts, and what it shows. PEM throughout.</summary>
/// <param name="Authorities">Who is believed; null for whom the system believes.</param>
/// <param name="Own">What is shown to be let in; null for nothing.</param>
/// <param name="SkipsCheck">Whether anybody is believed.</param>
internal sealed record ProviderTls(X509Certificate2Collection? Authorities, X509Certificate2? Own, bool SkipsCheck)
{
    /// <summary>What a question asks for; null when it is what everybody has.</summary>
    /// <exception cref="NoAnswerException">What the Secret holds cannot be read.</exception>
    public static ProviderTls? Of(MetricQuestion question)
    {
        var authority = question.Provider.Tls?.Authority ?? question.Credentials.GetValueOrDefault(CredentialKeys.Authority);
        var certificate = question.Credentials.GetValueOrDefault(CredentialKeys.Certificate);
        var key = question.Credentials.GetValueOrDefault(CredentialKeys.Key);
        var skips = question.Provider.Tls?.InsecureSkipVerify == true;
        if (authority is null && certificate is null && !skips)
            return null;
        if (certificate is not null && key is null)
            throw NoAnswerException.Of(FaultKind.Refused, $"the Secret has {CredentialKeys.Certificate} without {CredentialKeys.Key}. Add the key, or remove the certificate");
        try
        {
            X509Certificate2Collection? authorities = null;
            if (authority is not null && !skips)
            {
                authorities = [];
                authorities.ImportFromPem(authority);
                if (authorities.Count == 0)
                    throw new CryptographicException("there is no certificate in it");
            }

            return new ProviderTls(authorities, certificate is null ? null : X509Certificate2.CreateFromPem(certificate, key), skips);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw NoAnswerException.Of(FaultKind.Refused, $"the certificates of the template or its Secret cannot be read: {error.Message} Write them as PEM");
        }
    }
}
