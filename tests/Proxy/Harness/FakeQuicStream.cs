using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>The server's end of a stream of <see cref="FakeQuicConnection"/>; without input it is one that only the server writes.</summary>
internal sealed class FakeQuicStream : ConnectionContext,
    IStreamDirectionFeature, IStreamIdFeature, IPersistentStateFeature, IStreamAbortFeature, IStreamClosedFeature, IProtocolErrorCodeFeature
{
    public FakeQuicStream(long id, PipeReader? input, PipeWriter output, ITlsConnectionFeature connection)
    {
        (StreamId, CanRead, ConnectionId) = (id, input is not null, $"{id}");
        Transport = new FakeQuicConnection.Ends(input ?? PipeReader.Create(Stream.Null), output);
        Features.Set(connection);
        Features.Set<IStreamDirectionFeature>(this);
        Features.Set<IStreamIdFeature>(this);
        Features.Set<IPersistentStateFeature>(this);
        Features.Set<IStreamAbortFeature>(this);
        Features.Set<IStreamClosedFeature>(this);
        Features.Set<IProtocolErrorCodeFeature>(this);
    }

    public bool CanRead { get; }

    public bool CanWrite => true;

    public long StreamId { get; }

    public long Error { get; set; } = -1;

    public IDictionary<object, object?> State { get; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override void Abort(ConnectionAbortedException abortReason) => Transport.Output.Complete(abortReason);

    public void AbortRead(long errorCode, ConnectionAbortedException abortReason)
    {
    }

    public void AbortWrite(long errorCode, ConnectionAbortedException abortReason) => Abort(abortReason);

    public void OnClosed(Action<object?> callback, object? state)
    {
    }
}
