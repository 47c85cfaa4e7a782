using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using MeshCanary.Contracts.V1;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>One proxy's stream, as the fake controller sees it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has no wait handle, and a send may come after the end.")]
internal sealed class ControllerStream(
    IAsyncStreamReader<ProxyMessage> reader, IServerStreamWriter<ControllerMessage> writer, HttpContext context)
{
    private readonly SemaphoreSlim _oneWriter = new(1, 1);

    /// <summary>Whether the proxy itself closed the stream.</summary>
    public bool ClosedInOrder { get; private set; }

    public async Task SendAsync(ControllerMessage message)
    {
        await _oneWriter.WaitAsync();
        try
        {
            await writer.WriteAsync(message);
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or RpcException or OperationCanceledException)
        {
            // The proxy has left; the reading loop ends by itself.
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    public async Task<ProxyMessage?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            ClosedInOrder = !await reader.MoveNext(cancellation);
            return ClosedInOrder ? null : reader.Current;
        }
        catch (Exception gone) when (gone is IOException or RpcException or OperationCanceledException)
        {
            return null;
        }
    }

    public void Drop()
    {
        try
        {
            context.Abort();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at this very moment.
        }
    }
}
