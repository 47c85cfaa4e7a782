using System.Net;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Hosting;

/// <summary>Finds what would be unsafe or senseless, before anything is touched.</summary>
internal static class OptionsCheck
{
    private static readonly TimeSpan ShortestReport = TimeSpan.FromMilliseconds(10);

    /// <summary>Checks the options.</summary>
    /// <exception cref="IOException">The message says what is wrong and what to do.</exception>
    public static void Verify(ControllerOptions options)
    {
        if (!IPAddress.IsLoopback(options.Api.Address))
            throw new IOException($"The API asks for no credentials, so it is served on loopback only, not on {options.Api}. Choose 127.0.0.1 or ::1, and put a proxy that asks for credentials before it where others need it.");
        if (options.ReportInterval < ShortestReport || options.ReportInterval > TimeSpan.FromMinutes(1))
            throw new IOException($"A report interval of {options.ReportInterval} is outside {ShortestReport} to 00:01:00.");
        if (!IPAddress.IsLoopback(options.Control.Address))
        {
            if (options.TokenFile is null)
                throw new IOException($"The proxy port {options.Control} can be reached from other machines, so proxies have to show a token. Name a token file (--token-file).");
            if (options.CertificateFile is null)
                throw new IOException($"The proxy port {options.Control} can be reached from other machines, so it has to be served with TLS. Name a certificate and its key.");
        }

        VerifyCanaries(options.Canaries);
    }

    private static void VerifyCanaries(IReadOnlyList<CanaryManifest> canaries)
    {
        if (canaries.GroupBy(canary => canary.Key, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new IOException($"There are {twice.Count()} Canaries with the name {twice.Key}. Give each a name of its own.");
        var places = canaries.SelectMany(canary => Hosts(canary).Select(host => (Place: (Host: host, canary.Spec.Service.PathPrefix), canary.Key)));
        if (places.GroupBy(entry => entry.Place).FirstOrDefault(group => group.Count() > 1) is { } clash)
        {
            throw new IOException(
                $"The Canaries {string.Join(" and ", clash.Select(entry => entry.Key))} all serve {(clash.Key.Host.Length == 0 ? "any host" : clash.Key.Host)} under {clash.Key.PathPrefix}. Give each its own spec.service.hosts or spec.service.pathPrefix.");
        }
    }

    private static IEnumerable<string> Hosts(CanaryManifest canary) => canary.Spec.Service.Hosts is { IsDefaultOrEmpty: false } hosts
        ? hosts.Select(host => host.ToLowerInvariant())
        : [""];
}
