using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads how the certificate of a metric provider is checked.</summary>
internal static class MetricTlsBinder
{
    private const string AuthorityExample = "the certificates as PEM: '-----BEGIN CERTIFICATE-----' and so on";

    public static MetricTlsSpec? Bind(Value? tls, ErrorList errors)
    {
        var fields = FieldSet.Of(tls, errors, "tls: { authority: … }");
        if (fields is null)
            return null;
        var authority = Authority(fields.Optional("authority"), errors);
        var skip = Scalars.OneOf(fields.Optional("insecureSkipVerify"), errors, "true", "false") == "true";
        if (skip && fields.Optional("authority") is { } both)
            errors.Add(both, "is of no use with insecureSkipVerify, with which any certificate is taken", "Keep one of them");
        fields.Close();
        return new MetricTlsSpec { Authority = authority, InsecureSkipVerify = skip };
    }

    private static string? Authority(Value? value, ErrorList errors)
    {
        if (Scalars.Text(value, errors, AuthorityExample) is not { } text)
            return null;
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(text);
            foreach (var certificate in certificates)
                certificate.Dispose();
            if (certificates.Count > 0)
                return text;
        }
        catch (CryptographicException)
        {
            // Said below.
        }

        errors.Add(value!.Value, "holds no certificate that can be read", $"Write {AuthorityExample}");
        return null;
    }
}
