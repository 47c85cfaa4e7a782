using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace MeshCanary.Proxy.Transport;

/// <summary>A client's connection on a loop, as the web server wants it.</summary>
internal sealed class ClientConnection : ConnectionContext, IDuplexPipe, IReadiness, IThreadPoolWorkItem,
    IConnectionIdFeature, IConnectionTransportFeature, IConnectionItemsFeature, IConnectionLifetimeFeature, IConnectionEndPointFeature, IMemoryPoolFeature
{
    private static long _made;

    private readonly EpollSocket _socket;
    private readonly ClientReader _reader;
    private readonly ClientWriter _writer;
    private readonly CancellationTokenSource _closed = new();
    private string? _id;
    private IDictionary<object, object?>? _items;
    private int _isClosedTold;
    private int _isDisposed;

    public ClientConnection(Socket socket, EpollLoop loop, int mostAhead, int mostLeft, MemoryPool<byte> memory)
    {
        _socket = new EpollSocket(socket, loop, this);
        (_reader, _writer) = (new ClientReader(this, _socket, mostAhead), new ClientWriter(this, _socket, mostLeft));
        (Transport, ConnectionClosed, MemoryPool) = (this, _closed.Token, memory);
        (LocalEndPoint, RemoteEndPoint) = (socket.LocalEndPoint, socket.RemoteEndPoint);
        Features = new FeatureCollection(8);
        Features.Set<IConnectionIdFeature>(this);
        Features.Set<IConnectionTransportFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        Features.Set<IConnectionLifetimeFeature>(this);
        Features.Set<IConnectionEndPointFeature>(this);
        Features.Set<IMemoryPoolFeature>(this);
    }

    public override string ConnectionId
    {
        get => _id ??= $"C{Interlocked.Increment(ref _made):x8}";
        set => _id = value;
    }

    public override IFeatureCollection Features { get; }

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override IDuplexPipe Transport { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public MemoryPool<byte> MemoryPool { get; }

    PipeReader IDuplexPipe.Input => _reader;

    PipeWriter IDuplexPipe.Output => _writer;

    /// <summary>What a failed call on a client's socket means.</summary>
    public static Exception Gone(int result)
    {
        var fault = SocketFault.Of(result);
        return SocketFault.IsReset(result) ? new ConnectionResetException(fault.Message, fault) : new IOException(fault.Message, fault);
    }

    /// <summary>Begins to listen to the client.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The system cannot watch more.</exception>
    public void Start() => _socket.Watch();

    public override void Abort(ConnectionAbortedException abortReason) => Close(abortReason);

    public override void Abort() => Close(new ConnectionAbortedException());

    /// <summary>Breaks it off, in both directions.</summary>
    public void Close(Exception reason)
    {
        _reader.Fail(reason);
        _writer.Fail();
        _socket.Dispose();
        TellClosed();
    }

    /// <summary>The reader has met the end of what the client sends, or a fault.</summary>
    public void ReaderEnded(Exception? fault)
    {
        if (fault is null)
            TellClosed();
        else
            Close(fault);
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _reader.Complete();
            _writer.Complete();
            await _writer.DrainAsync();
            _reader.Discard();
            _socket.Dispose();
            TellClosed();
        }

        await base.DisposeAsync();
    }

    void IReadiness.OnReadable(bool ended) => _reader.OnReadable(ended);

    void IReadiness.OnWritable() => _writer.OnWritable();

    // Whoever listens to it may take its time.
    void IThreadPoolWorkItem.Execute() => _closed.Cancel();

    private void TellClosed()
    {
        if (Interlocked.Exchange(ref _isClosedTold, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
