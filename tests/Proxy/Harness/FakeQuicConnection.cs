using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>A client's connection to a <see cref="FakeQuicListener"/>: streams of pipes.</summary>
internal sealed class FakeQuicConnection : MultiplexedConnectionContext, ITlsConnectionFeature, IProtocolErrorCodeFeature
{
    private readonly Channel<ConnectionContext> _opened = Channel.CreateUnbounded<ConnectionContext>();
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _streams;

    public FakeQuicConnection(IPEndPoint address, X509Certificate2? shown)
    {
        (LocalEndPoint, RemoteEndPoint, ClientCertificate, ConnectionClosed) = (address, new IPEndPoint(IPAddress.Loopback, 1), shown, _closed.Token);
        Features.Set<ITlsConnectionFeature>(this);
        Features.Set<IProtocolErrorCodeFeature>(this);
    }

    /// <summary>Ends when the server has let go of the connection.</summary>
    public Task Ended => _ended.Task;

    /// <summary>What the server says in its control stream: settings, and that it goes away.</summary>
    public PipeReader Control { get; private set; } = PipeReader.Create(Stream.Null);

    /// <summary>Its handshake fails.</summary>
    public bool IsBroken { get; init; }

    public X509Certificate2? ClientCertificate { get; set; }

    public long Error { get; set; } = -1;

    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString();

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);

    /// <summary>Opens a stream for a request; this is the client's end of it.</summary>
    public IDuplexPipe Open()
    {
        var (there, back) = (new Pipe(), new Pipe());
        var id = (Interlocked.Increment(ref _streams) - 1) * 4;
        Assert.True(_opened.Writer.TryWrite(new FakeQuicStream(id, there.Reader, back.Writer, this)));
        return new Ends(back.Reader, there.Writer);
    }

    public override async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            while (await _opened.Reader.WaitToReadAsync(cancellationToken))
            {
                if (_opened.Reader.TryRead(out var stream))
                    return stream;
            }
        }
        catch (OperationCanceledException)
        {
            // The server takes no more requests: as with the real one, that is no fault.
        }

        return null;
    }

    public override ValueTask<ConnectionContext> ConnectAsync(IFeatureCollection? features = null, CancellationToken cancellationToken = default)
    {
        var pipe = new Pipe();
        Control = pipe.Reader;
        return ValueTask.FromResult<ConnectionContext>(new FakeQuicStream(3, null, pipe.Writer, this));
    }

    public override void Abort() => Close();

    public override void Abort(ConnectionAbortedException abortReason) => Close();

    /// <summary>The client goes away.</summary>
    public void Close()
    {
        _opened.Writer.TryComplete();
        _closed.Cancel();
    }

    public override ValueTask DisposeAsync()
    {
        Close();
        _ended.TrySetResult();
        return base.DisposeAsync();
    }

    internal sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
