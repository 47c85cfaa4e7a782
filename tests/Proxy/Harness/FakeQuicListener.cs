using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>One port of <see cref="FakeQuic"/>.</summary>
internal sealed class FakeQuicListener(IPEndPoint address, TlsConnectionCallbackOptions handshake, Action unbound) : IMultiplexedConnectionListener
{
    private readonly Channel<FakeQuicConnection> _arriving = Channel.CreateUnbounded<FakeQuicConnection>();

    public EndPoint EndPoint => address;

    /// <summary>A client connects; there are no bytes of a handshake.</summary>
    public FakeQuicConnection Connect(X509Certificate2? shown = null, bool isBroken = false)
    {
        var connection = new FakeQuicConnection(address, shown) { IsBroken = isBroken };
        Assert.True(_arriving.Writer.TryWrite(connection));
        return connection;
    }

    /// <summary>What the proxy would do the handshake with that asks for a host.</summary>
    public async Task<SslServerAuthenticationOptions> HandshakeAsync(string host, CancellationToken cancellation) => await handshake.OnConnection(
        new TlsConnectionCallbackContext { ClientHelloInfo = new SslClientHelloInfo(host, SslProtocols.Tls13), Connection = new FakeQuicConnection(address, null) }, cancellation);

    public async ValueTask<MultiplexedConnectionContext?> AcceptAsync(IFeatureCollection? features = null, CancellationToken cancellationToken = default)
    {
        while (await _arriving.Reader.WaitToReadAsync(cancellationToken))
        {
            if (!_arriving.Reader.TryRead(out var connection))
                continue;
            return connection.IsBroken ? throw new AuthenticationException("refused by the client") : connection;
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        if (_arriving.Writer.TryComplete())
            unbound();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _arriving.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
