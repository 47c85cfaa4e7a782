using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.router.upstream</c>.</summary>
internal static class UpstreamBinder
{
    public static UpstreamSpec Bind(Value? upstream, ErrorList errors)
    {
        var fields = FieldSet.Of(upstream, errors, "upstream: { protocol: http2 }");
        if (fields is null)
            return new UpstreamSpec();
        var protocol = Scalars.OneOf(fields.Optional("protocol"), errors, "auto", "http1", "http2");
        var tls = Tls(fields.Optional("tls"), errors);
        fields.Close();
        return new UpstreamSpec
        {
            Protocol = protocol switch { "http1" => UpstreamProtocolSpec.Http1, "http2" => UpstreamProtocolSpec.Http2, _ => UpstreamProtocolSpec.Auto },
            Tls = tls,
        };
    }

    private static TlsSpec? Tls(Value? tls, ErrorList errors)
    {
        var fields = FieldSet.Of(tls, errors, "tls: { serverName: checkout.internal, authorityFile: /etc/meshcanary/ca.pem }");
        if (fields is null)
            return null;
        var name = Names.Subdomain(fields.Optional("serverName"), errors, "checkout.internal");
        var authority = File(fields.Optional("authorityFile"), errors, "/etc/meshcanary/ca.pem");
        var (givenCertificate, givenKey) = (fields.Optional("certificateFile"), fields.Optional("keyFile"));
        var certificate = File(givenCertificate, errors, "/etc/meshcanary/client.pem");
        var key = File(givenKey, errors, "/etc/meshcanary/client.key");
        fields.Close();
        if (givenCertificate is null != givenKey is null)
            errors.Add(fields.At, givenKey is null ? "holds a certificateFile without its keyFile" : "holds a keyFile without its certificateFile", "Give both, or none");
        return new TlsSpec { ServerName = name, AuthorityFile = authority, CertificateFile = certificate, KeyFile = key };
    }

    private static string? File(Value? value, ErrorList errors, string example)
    {
        if (Scalars.Text(value, errors, example) is not { } text)
            return null;
        // Proxies have working folders of their own.
        if (text.StartsWith('/') && !text.Any(char.IsControl))
            return text;
        errors.Add(value!.Value, $"'{text}' is not an absolute path", $"Write for example {example}");
        return null;
    }
}
