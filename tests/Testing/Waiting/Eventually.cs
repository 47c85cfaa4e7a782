using System.Globalization;

namespace MeshCanary.Testing.Waiting;

/// <summary>Waits on conditions, so that no test needs a sleep.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until a condition is true.</summary>
    /// <param name="condition">Asked again and again; one that throws is not true yet.</param>
    /// <param name="deadline">How long at most.</param>
    /// <param name="because">What should come true, for the message of a failure.</param>
    /// <param name="state">Describes what there is instead, for the same message.</param>
    /// <param name="cancellation">Ends the wait early.</param>
    /// <exception cref="TimeoutException">It was not true in time.</exception>
    public static Task TrueAsync(
        Func<bool> condition, TimeSpan deadline, string because, Func<string>? state = null, CancellationToken cancellation = default) =>
        TrueAsync(() => Task.FromResult(condition()), deadline, because, state, cancellation);

    /// <inheritdoc cref="TrueAsync(Func{bool}, TimeSpan, string, Func{string}?, CancellationToken)"/>
    public static async Task TrueAsync(
        Func<Task<bool>> condition, TimeSpan deadline, string because, Func<string>? state = null, CancellationToken cancellation = default)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Exception? thrown = null;
            try
            {
                // A condition that hangs must not outlast the deadline; at least one look is always granted.
                var left = Max(deadline - TimeProvider.System.GetElapsedTime(start), Pause);
                if (await condition().WaitAsync(left, TimeProvider.System, cancellation))
                    return;
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested)
            {
                thrown = error;
            }

            if (TimeProvider.System.GetElapsedTime(start) >= deadline)
                throw new TimeoutException(Message(deadline, because, state, thrown), thrown);
            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }
    }

    private static string Message(TimeSpan deadline, string because, Func<string>? state, Exception? thrown)
    {
        var message = string.Create(CultureInfo.InvariantCulture, $"Not true within {deadline.TotalSeconds:0.###} s: {because}.");
        if (thrown is not null)
            message += $" The last look threw {thrown.GetType().Name}: {thrown.Message}";
        return state is null ? message : $"{message} Instead: {state()}";
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
