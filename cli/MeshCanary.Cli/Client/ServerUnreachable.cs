namespace MeshCanary.Cli.Client;

/// <summary>The server does not answer: wrong address, not started, or away for a moment.</summary>
internal sealed class ServerUnreachable(Uri server, string why, Exception cause)
    : Exception($"The MeshCanary server at {server} does not answer ({why}).", cause)
{
    /// <summary>What to do.</summary>
    public const string Remedy = "start one with 'meshcanary serve -f canary.yaml', or name another with --server URL or MESHCANARY_SERVER.";
}
