using System.Collections.Concurrent;
using System.Net.Sockets;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>Clients that ask as fast as they are answered, each with its own connections.</summary>
internal sealed class Hammer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];
    private long _served;

    /// <summary>Answers that were good.</summary>
    public long Served => Interlocked.Read(ref _served);

    /// <summary>What went wrong.</summary>
    public ConcurrentQueue<string> Failures { get; } = [];

    /// <summary>Adds a client. It ends in peace when it cannot connect, if it is to see its port close.</summary>
    public Hammer Add(Func<HttpClient> client, bool mayBeClosed = false)
    {
        _loops.Add(Task.Run(() => RunAsync(client(), mayBeClosed)));
        return this;
    }

    /// <summary>Waits for the next answers.</summary>
    public Task MoreAsync(int answers)
    {
        var goal = Served + answers;
        return TestProxy.UntilAsync(() => Served >= goal || !Failures.IsEmpty, $"{answers} more answers");
    }

    /// <summary>Waits until the clients have ended by themselves.</summary>
    public Task EndAsync() => Task.WhenAll(_loops).WaitAsync(TestProxy.Deadline, TimeProvider.System, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        _stop.Dispose();
    }

    private async Task RunAsync(HttpClient client, bool mayBeClosed)
    {
        using var owned = client;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (await client.GetStringAsync("/", CancellationToken.None) == "ok")
                    Interlocked.Increment(ref _served);
                else
                    Failures.Enqueue("another answer");
            }
            // Reset: it came between the last look at the port's queue and its end, which nobody can rule out. That the
            // proxy had not taken its request shows at the backend, whose count has to be that of the answers.
            catch (HttpRequestException fault) when (mayBeClosed && fault.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.ConnectionReset })
            {
                return;
            }
            // The end of a connection of HTTP/2 that had not begun: GOAWAY, no error, before the settings. Not taken either.
            catch (HttpRequestException fault) when (mayBeClosed && fault.InnerException is HttpProtocolException { ErrorCode: 0 })
            {
                return;
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException)
            {
                Failures.Enqueue(fault.ToString());
                return;
            }
        }
    }
}
