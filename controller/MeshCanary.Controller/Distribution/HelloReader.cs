using Grpc.Core;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Distribution;

/// <summary>Waits for what a proxy says first.</summary>
internal sealed class HelloReader(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The first message of a stream; null when there is none.</summary>
    /// <exception cref="RpcException">It does not come.</exception>
    public async Task<Wire.ProxyMessage?> FirstAsync(IAsyncStreamReader<Wire.ProxyMessage> requests, CancellationToken cancellationToken)
    {
        try
        {
            return await requests.MoveNext(cancellationToken).WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false) ? requests.Current : null;
        }
        catch (TimeoutException)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"No Hello within {Patience.TotalSeconds:0} s."));
        }
    }
}
