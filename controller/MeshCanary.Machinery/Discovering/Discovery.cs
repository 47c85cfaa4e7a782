using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Machinery.Discovering;

/// <summary>
/// Which of some types a server serves. What was read is kept for <see cref="Freshness"/>, and read anew at once when a call found
/// that it is wrong. While the server is away the last knowledge holds. Thread-safe.
/// </summary>
public sealed partial class Discovery : IDisposable
{
    /// <summary>How long an answer is trusted.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    private readonly DiscoveryReader _reader;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _reading = new(1);
    private volatile ServedApis? _served;

    internal Discovery(KubernetesApi api, TimeProvider time, ILogger logger)
    {
        _reader = new DiscoveryReader(api);
        _time = time;
        _logger = logger;
    }

    /// <summary>Finds the best type of a choice that is served.</summary>
    /// <param name="choice">The types.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The type, or null when none is served.</returns>
    /// <exception cref="ApiException">The server is away, and nothing is known of it.</exception>
    public Task<ResourceType?> FindAsync(ResourceChoice choice, CancellationToken cancellation) => FindAsync(choice, Freshness, cancellation);

    /// <summary>Finds the best type of a choice that is served, by knowledge that is not older than a limit.</summary>
    /// <param name="choice">The types.</param>
    /// <param name="age">How old the knowledge may be; zero asks the server.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The type, or null when none is served.</returns>
    /// <exception cref="ApiException">The server is away, and nothing is known of it.</exception>
    public async Task<ResourceType?> FindAsync(ResourceChoice choice, TimeSpan age, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var served = await ReadAsync(age, cancellation);
        foreach (var candidate in choice.Candidates)
        {
            if (served.Serves(candidate) ?? await LearnAsync(served, candidate, cancellation))
                return candidate;
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    private async Task<ServedApis> ReadAsync(TimeSpan age, CancellationToken cancellation)
    {
        if (Fresh(age) is { } known)
            return known;
        var asked = _time.GetTimestamp();
        await _reading.WaitAsync(cancellation);
        try
        {
            // What somebody else read after we asked is as new as we want it.
            if (_served is { } meanwhile && (meanwhile.ReadAt >= asked || Fresh(age) is not null))
                return meanwhile;
            var served = new ServedApis(_time.GetTimestamp());
            await _reader.ReadAsync(served, cancellation);
            _served = served;
            return served;
        }
        catch (ApiException error) when (_served is not null && age > TimeSpan.Zero)
        {
            LogKept(error.Message);
            return _served;
        }
        finally
        {
            _reading.Release();
        }
    }

    private ServedApis? Fresh(TimeSpan age) => _served is { } served && _time.GetElapsedTime(served.ReadAt) < age ? served : null;

    private async Task<bool> LearnAsync(ServedApis served, ResourceType type, CancellationToken cancellation)
    {
        var plurals = await _reader.ReadVersionAsync(type, cancellation);
        served.Learn(type.ApiVersion, plurals);
        return plurals.Contains(type.Plural);
    }

    [LoggerMessage(1, LogLevel.Warning, "The list of APIs could not be read; what was known before holds. {Error}")]
    private partial void LogKept(string error);
}
