using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MeshCanary.Proxy.Endpoints;

namespace MeshCanary.Proxy.Tests.Endpoints;

/// <summary>Names that the test gives and takes.</summary>
internal sealed class TestNames : INameResolver
{
    private readonly ConcurrentDictionary<string, IPAddress[]> _answers = new();
    private int _asked;

    public int Asked => Volatile.Read(ref _asked);

    public void Set(string name, params string[] addresses) => _answers[name] = [.. addresses.Select(IPAddress.Parse)];

    public void Lose(string name) => _answers.TryRemove(name, out _);

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        return _answers.TryGetValue(host, out var answer)
            ? Task.FromResult(answer)
            : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
    }
}
