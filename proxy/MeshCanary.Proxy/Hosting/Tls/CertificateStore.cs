using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Hosting.Tls;

/// <summary>
/// The certificates in force. Looks at the files again and again, by their content: that sees a link that was moved, a
/// mounted secret and a network folder, where a notice of the file system may never come.
/// </summary>
internal sealed partial class CertificateStore(TimeProvider time, ILogger<CertificateStore> logger)
{
    /// <summary>From one look at the files to the next.</summary>
    internal static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private InForce? _inForce;
    private string? _lastFault;
    private long _failures;

    /// <summary>What is in force now, or null when there is no TLS.</summary>
    public InForce? Current => Volatile.Read(ref _inForce);

    /// <summary>How often changed files could not be used.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Takes other files, or other rules for clients, into force; null ends TLS.</summary>
    /// <exception cref="IOException">A file cannot be read; what was before stays.</exception>
    /// <exception cref="InvalidDataException">A file holds nothing usable; what was before stays.</exception>
    public void Use(TlsOptions? options)
    {
        lock (_gate)
        {
            if (options is null)
            {
                Volatile.Write(ref _inForce, null);
                return;
            }

            var texts = CertificateTexts.Read(options);
            Volatile.Write(ref _inForce, new InForce(options, texts.Parse(), texts.Hash));
            _lastFault = null;
        }
    }

    /// <summary>Looks until cancelled.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pace, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            Look();
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_inForce is not { } before)
                return;
            var hash = "";
            try
            {
                var texts = CertificateTexts.Read(before.Options);
                hash = texts.Hash;
                if (hash == before.Hash)
                {
                    _lastFault = null;
                    return;
                }

                var after = texts.Parse();
                Volatile.Write(ref _inForce, new InForce(before.Options, after, hash));
                _lastFault = null;
                LogChanged(after.All.Count);
            }
            catch (Exception fault) when (fault is IOException or InvalidDataException)
            {
                // Once for each content: files are seldom replaced all at once, and one left broken is no news.
                if (_lastFault == hash + fault.Message)
                    return;
                _lastFault = hash + fault.Message;
                _failures++;
                LogBroken(fault.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The TLS files have changed: {Count} certificates are in force for new connections.")]
    private partial void LogChanged(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The TLS files have changed and cannot be used; the certificates from before stay in force. {Reason}")]
    private partial void LogBroken(string reason);
}
