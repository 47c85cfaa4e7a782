using MeshCanary.Machinery.Calling;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Machinery.Informers;

public sealed partial class Informer<T>
{
    private static string ReasonOf(Exception error) => error is ApiException { Kind: var kind } ? kind.ToString().ToLowerInvariant() : "other";

    private void Restarted(string reason) => _cluster.Metrics.Informers.Restarts.WithLabels(Choice.Name, reason).Inc();

    private void HandlerThrew(Exception error)
    {
        _cluster.Metrics.Informers.HandlerFaults.WithLabels(Choice.Name).Inc();
        LogHandlerThrew(error, Choice.Name);
    }

    private void Measure()
    {
        var metrics = _cluster.Metrics.Informers;
        metrics.Objects.WithLabels(Choice.Name).Set(Store.Count);
        metrics.Undecodable.WithLabels(Choice.Name).Set(_intake.Undecodable.Count);
        metrics.Synced.WithLabels(Choice.Name).Set(_synced ? 1 : 0);
        metrics.LastContact.WithLabels(Choice.Name).Set(_cluster.Time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
    }

    [LoggerMessage(10, LogLevel.Information, "{Resource}: listing anew ({Reason}).")]
    private partial void LogListsAnew(string resource, string reason);

    [LoggerMessage(11, LogLevel.Warning, "{Resource}: failure {Failures} in a row, what is known gets old. {Error}")]
    private partial void LogFailed(string resource, int failures, string error);

    [LoggerMessage(12, LogLevel.Information, "{Resource}: the watch broke (failure {Failures}) and goes on from where it was. {Error}")]
    private partial void LogWatchBroke(string resource, int failures, string error);

    [LoggerMessage(13, LogLevel.Information, "{Resource}: not served by this cluster; waiting for it.")]
    private partial void LogNotServed(string resource);

    [LoggerMessage(14, LogLevel.Error, "{Resource}: a handler threw; the informer goes on.")]
    private partial void LogHandlerThrew(Exception error, string resource);
}
