using System.Net;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Rendering;
using MeshCanary.Controller.Hosting;

namespace MeshCanary.Cli.Commands.Serve;

/// <summary>What a person reads when a server is ready: where everything is.</summary>
internal static class ReadyBanner
{
    /// <summary>The line for a server whose banner could not say that it is ready.</summary>
    public const string Late = "MeshCanary is ready now.";

    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(StandaloneServer server, ControllerOptions options, bool isServing)
    {
        var api = StandaloneServer.Local(server.Api).AbsoluteUri.TrimEnd('/');
        var control = StandaloneServer.Local(server.Control, options.CertificateFile is null ? "http" : "https").AbsoluteUri.TrimEnd('/');
        yield return $"MeshCanary is {(isServing ? "ready" : "started but serves no traffic yet")}: {Figures.Many(options.Canaries.Count, "Canary", "Canaries")} ({string.Join(", ", options.Canaries.Select(canary => canary.Key))}).";
        if (server.Proxy is { } proxy)
        {
            var addresses = proxy.Cleartext.Select(Address).Concat(proxy.WithTls.Select(address => StandaloneServer.Local(address, "https").AbsoluteUri.TrimEnd('/')));
            yield return $"  traffic   {string.Join(", ", addresses)}   (proxy metrics {Address(proxy.Admin)}/metrics)";
        }

        yield return $"  API       {api}/api/v1/canaries   (metrics {api}/metrics)";
        var token = options.TokenFile is null ? "" : $" --token-file {options.TokenFile}";
        yield return $"  proxies   {control}   (join with: meshcanary proxy --controller {control}{token})";
        yield return $"  state     {options.StateFolder}";
        var server7070 = server.Api.Port == 7070 ? "" : $" --server {api}";
        yield return $"Announce a version: meshcanary rollout {options.Canaries[0].Name} --canary http://HOST:PORT{server7070}";
        yield return "Stop with Ctrl-C.";
    }

    private static string Address(IPEndPoint endPoint) => StandaloneServer.Local(endPoint).AbsoluteUri.TrimEnd('/');
}
