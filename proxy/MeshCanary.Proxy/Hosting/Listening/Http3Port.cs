using System.Net;
using System.Net.Quic;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Hosting.Listening;

/// <summary>The side of a TLS port that takes HTTP/3: UDP on the same number.</summary>
internal sealed partial class Http3Port
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    private readonly OpenPort _port;
    private readonly PortSetup _setup;
    private readonly IMultiplexedConnectionListener _listener;
    private readonly Task _accepting;
    private volatile bool _isClosing;

    private Http3Port(OpenPort port, PortSetup setup, IMultiplexedConnectionListener listener)
    {
        (_port, _setup, _listener) = (port, setup, listener);
        _accepting = AcceptAsync();
    }

    /// <summary>Opens it.</summary>
    /// <exception cref="IOException">The address cannot be listened on; the message names it.</exception>
    public static async Task<Http3Port> OpenAsync(OpenPort port, PortSetup setup, CancellationToken cancellationToken)
    {
        try
        {
            return new Http3Port(port, setup, await setup.Http3!.OpenAsync(port.Address, cancellationToken));
        }
        catch (Exception fault) when (ListenFault.Is(fault))
        {
            throw ListenFault.Describe(port.Address, "HTTP/3, which is UDP and can be turned off (--http3 off)", fault);
        }
    }

    /// <summary>Takes no new connection.</summary>
    public async Task StopListeningAsync()
    {
        _isClosing = true;
        await _listener.UnbindAsync();
        await _accepting;
        await _listener.DisposeAsync();
    }

    private async Task AcceptAsync()
    {
        await Task.Yield();
        while (!_isClosing)
        {
            try
            {
                if (await _listener.AcceptAsync() is not { } connection)
                    break;
                await TakeOverAsync(connection);
            }
            catch (Exception fault) when (fault is QuicException or AuthenticationException)
            {
                // A handshake that came to nothing is the client's affair.
                LogNotAccepted(_setup.Logger, _port.Address, fault);
            }
            catch (Exception fault) when (!_isClosing)
            {
                LogFailed(_setup.Logger, _port.Address, fault);
                await Task.Delay(Breath, _setup.Time);
            }
            catch (ObjectDisposedException)
            {
                break;
            }
        }
    }

    private async Task TakeOverAsync(MultiplexedConnectionContext connection)
    {
        connection.Features.Set(new PortConnection(_port));
        if (_setup.Http3!.TryHandOver(connection))
            return;
        connection.Abort();
        await connection.DisposeAsync();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Address} could not take a connection of HTTP/3; it goes on listening.")]
    private static partial void LogNotAccepted(ILogger logger, IPEndPoint address, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Address} cannot take connections of HTTP/3; it tries on. HTTP/1.1 and HTTP/2 are served.")]
    private static partial void LogFailed(ILogger logger, IPEndPoint address, Exception fault);
}
