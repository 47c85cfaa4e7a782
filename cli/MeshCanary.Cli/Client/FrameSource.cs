using System.Runtime.CompilerServices;
using MeshCanary.Cli.Hosting;

namespace MeshCanary.Cli.Client;

/// <summary>Follows one Canary. Rides out a server that is away for a while: the rollout goes on there or waits for it.</summary>
internal sealed class FrameSource(ApiClient api, CanaryName name, TimeProvider time)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Whether the first frame carries all old entries of the log, or only those that come after it.</summary>
    public bool FromTheBeginning { get; init; }

    /// <summary>One frame now and then one at a steady pace, until cancelled.</summary>
    /// <exception cref="CommandFailure">The Canary is unknown.</exception>
    /// <exception cref="ServerUnreachable">The server was not there at the start, or did not come back.</exception>
    public async IAsyncEnumerable<Frame> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = 0L;
        var isFirst = true;
        var lastAnswer = time.GetTimestamp();
        while (true)
        {
            var frame = await TryReadAsync(last, isFirst, lastAnswer, cancellationToken).ConfigureAwait(false);
            if (frame is not null)
            {
                lastAnswer = time.GetTimestamp();
                if (frame.NewEvents.Count > 0)
                    last = frame.NewEvents[^1].Id;
                yield return isFirst && !FromTheBeginning ? frame with { NewEvents = [] } : frame;
                isFirst = false;
            }

            await Task.Delay(Pace, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Frame?> TryReadAsync(long last, bool isFirst, long lastAnswer, CancellationToken cancellationToken)
    {
        try
        {
            // The view first: an entry may be newer than the view beside it, but never missing for a view that shows it.
            var view = await api.GetAsync(name, cancellationToken).ConfigureAwait(false);
            return new Frame(view, await api.EventsAsync(name, last, cancellationToken).ConfigureAwait(false));
        }
        catch (ServerUnreachable) when (!isFirst && time.GetElapsedTime(lastAnswer) < Patience)
        {
            return null;
        }
    }
}
