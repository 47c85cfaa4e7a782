using System.Net;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// The system's resolver. It holds a thread for as long as it waits for an answer, so that only some names are asked for at
/// a time: a name server that is away must not take every thread.
/// </summary>
internal sealed class SystemNames : INameResolver
{
    private const int AtATime = 8;

    // Threads are the process's.
    private static readonly SemaphoreSlim Turns = new(AtATime, AtATime);

    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        await Turns.WaitAsync(cancellationToken);
        return await AskAsync(host).WaitAsync(cancellationToken);
    }

    // Keeps its turn until it ends, which is when its thread is free: nothing cancels the system's resolver.
    private static async Task<IPAddress[]> AskAsync(string host)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, CancellationToken.None);
        }
        finally
        {
            Turns.Release();
        }
    }
}
