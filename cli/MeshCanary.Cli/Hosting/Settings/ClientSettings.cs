using System.CommandLine;
using System.Net;
using MeshCanary.Cli.Commands;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Hosting.Tls;

namespace MeshCanary.Cli.Hosting.Settings;

/// <summary>
/// The side of a proxy that clients see, as options: addresses, certificates, limits, how it ends, and what it tells of requests; and
/// what it asks of upstreams.
/// </summary>
internal sealed class ClientSettings(Terminal terminal)
{
    private static readonly IPEndPoint Standard = new(IPAddress.Loopback, 8080);

    private readonly Option<IPEndPoint[]> _listen = Addresses("--listen", "Where clients connect without TLS. May be given several times; 'none' for nowhere. Port 0 takes any free one.", [Standard]);
    private readonly Option<IPEndPoint[]> _listenTls = Addresses("--listen-tls", "Where clients connect with TLS. May be given several times. Default: nowhere.", null);
    private readonly Option<Http3Mode?> _http3 = new("--http3")
    {
        Description = "Whether the ports of --listen-tls speak HTTP/3 too, by UDP on the same numbers: auto (where the system has QUIC) or off. Default: auto.",
        HelpName = "RULE",
        CustomParser = result =>
        {
            switch (result.Tokens[0].Value)
            {
                case "auto": return Http3Mode.Auto;
                case "off": return Http3Mode.Off;
                default:
                    result.AddError($"'{result.Tokens[0].Value}' is none of auto and off.");
                    return null;
            }
        },
    };

    private readonly Option<SocketMode?> _sockets = new("--sockets")
    {
        Description = "By what sockets are served: auto (the proxy's own event loops, on Linux on x64 and Arm64) or runtime (those of .NET). Default: auto.",
        HelpName = "RULE",
        CustomParser = result =>
        {
            switch (result.Tokens[0].Value)
            {
                case "auto": return SocketMode.Auto;
                case "runtime": return SocketMode.Runtime;
                default:
                    result.AddError($"'{result.Tokens[0].Value}' is none of auto and runtime.");
                    return null;
            }
        },
    };

    private readonly Option<string[]> _certificates = Files("--tls-cert", "PEM file of a certificate and its chain. May be given several times: clients get the one for the name that they ask for, else the first.");
    private readonly Option<string[]> _keys = Files("--tls-key", "PEM file of the key of --tls-cert; as many, in the same order.");
    private readonly Option<string> _folder = new("--tls-certs") { Description = "Folder with more certificates: NAME.crt and NAME.key, or folders with tls.crt and tls.key.", HelpName = "DIR" };
    private readonly Option<string> _clientAuthority = new("--client-ca") { Description = "PEM file of the authorities by which clients' certificates are believed.", HelpName = "FILE" };
    private readonly Option<ClientCertificates?> _clientCertificate = new("--client-cert")
    {
        Description = "Whether clients must show a certificate: none, optional or required. Default: required with --client-ca.",
        HelpName = "RULE",
        CustomParser = result =>
        {
            switch (result.Tokens[0].Value)
            {
                case "none": return ClientCertificates.None;
                case "optional": return ClientCertificates.Optional;
                case "required": return ClientCertificates.Required;
                default:
                    result.AddError($"'{result.Tokens[0].Value}' is none of none, optional and required.");
                    return null;
            }
        },
    };

    private readonly Option<bool> _forwardClient = new("--forward-client-cert") { Description = "Tell the upstream of the client's certificate in X-Forwarded-Client-Cert. Default: no; what clients send in it is dropped always." };
    private readonly Option<bool> _trustForwarded = new("--trust-forwarded")
    {
        Description = "Believe the X-Forwarded-* headers of requests: only when every client comes by way of another proxy or load balancer that sets them. Otherwise they are overwritten.",
    };

    private readonly Option<TimeSpan?> _drain = CommonArguments.Duration("--drain-timeout", "Longest wait for requests in flight at the end, and on a port that is closed. Default: 30s.");
    private readonly Option<TimeSpan?> _drainDelay = CommonArguments.Duration("--drain-delay", "How long, at the end, /readyz says no while requests are still taken: the time that a load balancer needs to see it. Default: 0s.");
    private readonly Option<TimeSpan?> _canaryDrain = CommonArguments.Duration("--canary-drain", "How long requests and tunnels may still run on a canary that is one no more and was not promoted. Default: 30s.");
    private readonly UpstreamSettings _upstream = new();
    private readonly LimitSettings _limits = new();
    private readonly TellingSettings _telling = new(terminal);

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All =>
    [
        _listen, _listenTls, _http3, _sockets, _certificates, _keys, _folder, _clientAuthority, _clientCertificate, _forwardClient, _trustForwarded, _drain, _drainDelay, _canaryDrain,
        .. _upstream.All, .. _limits.All, .. _telling.All,
    ];

    /// <summary>Puts what they say into a proxy's options.</summary>
    /// <exception cref="CommandFailure">They contradict each other.</exception>
    public ProxyOptions Apply(ProxyOptions options, SettingValues values) => _telling.Apply(_upstream.Apply(options, values), values) with
    {
        Listen = values.Get(_listen)!,
        ListenTls = values.Get(_listenTls) ?? [],
        Http3 = values.Get(_http3) ?? options.Http3,
        Sockets = values.Get(_sockets) ?? options.Sockets,
        Tls = TlsOf(values),
        TrustForwarded = values.Get(_trustForwarded),
        DrainTimeout = values.Get(_drain) ?? options.DrainTimeout,
        DrainDelay = values.Get(_drainDelay) ?? options.DrainDelay,
        CanaryDrain = values.Get(_canaryDrain) ?? options.CanaryDrain,
        Limits = _limits.Of(values),
    };

    private TlsOptions? TlsOf(SettingValues values)
    {
        var (certificates, keys) = (values.Get(_certificates) ?? [], values.Get(_keys) ?? []);
        if (certificates.Length != keys.Length)
            throw new CommandFailure($"There are {certificates.Length} of --tls-cert and {keys.Length} of --tls-key.", "give each certificate its key, in the same order.", ExitCode.BadUsage);
        var authority = values.Get(_clientAuthority);
        if (authority is null && values.Get(_clientCertificate) is not (null or ClientCertificates.None))
            throw new CommandFailure("--client-cert asks clients for a certificate, and no authority is named by which to believe it.", "give --client-ca as well.", ExitCode.BadUsage);
        if (certificates.Length == 0 && values.Get(_folder) is null)
        {
            if (values.Get(_listenTls) is [var address, ..])
                throw new CommandFailure($"{address} is to listen with TLS and there is no certificate.", "give --tls-cert and --tls-key, or --tls-certs.", ExitCode.BadUsage);
            return null;
        }

        return new TlsOptions
        {
            Certificates = [.. certificates.Zip(keys, (certificate, key) => new CertificateFiles(certificate, key))],
            CertificateFolder = values.Get(_folder),
            ClientAuthorityFile = authority,
            ClientCertificates = values.Get(_clientCertificate) ?? (authority is null ? ClientCertificates.None : ClientCertificates.Required),
            ForwardClientCertificate = values.Get(_forwardClient),
        };
    }

    private static Option<IPEndPoint[]> Addresses(string name, string description, IPEndPoint[]? standard) => new(name)
    {
        Description = standard is null ? description : $"{description} Default: {string.Join(", ", standard.AsEnumerable())}.",
        HelpName = "HOST:PORT",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = SettingText.ReadAddresses,
        DefaultValueFactory = standard is null ? null : _ => standard,
    };

    private static Option<string[]> Files(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };
}
