using System.Globalization;
using MeshCanary.Soak.Loads;
using MeshCanary.Testing.Meshes;

namespace MeshCanary.Soak.Measuring;

/// <summary>Reads the proxy's memory every second, and says every half minute how it stands.</summary>
internal sealed class Watch(ProxyProcess proxy, Mix mix)
{
    // More than so many say no more than the first ones did.
    private const int EnoughFailures = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Line = TimeSpan.FromSeconds(30);

    /// <summary>Resident memory in MB, by hours since the load began.</summary>
    public List<(double X, double Y)> Memory { get; } = [];

    /// <summary>Watches for a time, or until the changes fail, the proxy ends, or too much has gone wrong.</summary>
    public async Task ForAsync(TimeSpan length, Task changes, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var (start, next, before, last) = (time.GetTimestamp(), Line, 0L, TimeSpan.Zero);
        using var timer = new PeriodicTimer(Pause, time);
        while (time.GetElapsedTime(start) is var passed && passed < length && !changes.IsCompleted && !proxy.HasExited && mix.Failures.Count < EnoughFailures)
        {
            Memory.Add((passed.TotalHours, ProcessReading.Of(proxy.Id).ResidentMegabytes));
            await timer.WaitForNextTickAsync(cancellation);
            if ((passed = time.GetElapsedTime(start)) < next)
                continue;
            var begun = mix.Begun;
            Console.WriteLine(await DescribeAsync(passed, begun, (begun - before) / (passed - last).TotalSeconds, cancellation));
            (before, last, next) = (begun, passed, next + Line);
        }
    }

    private async Task<string> DescribeAsync(TimeSpan passed, long begun, double rate, CancellationToken cancellation)
    {
        var (reading, metrics) = (ProcessReading.Of(proxy.Id), await proxy.MetricsAsync(cancellation));
        var heap = metrics["dotnet_total_memory_bytes"] / 1024 / 1024;
        var full = metrics["dotnet_collection_count_total{generation=\"2\"}"];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{passed:hh\\:mm\\:ss}  requests {begun:N0}  {rate:N0}/s  unexpected failures {mix.Failures.Count}  RSS {reading.ResidentMegabytes:F0} MB  heap {heap:F0} MB  gen2 {full:F0}  handles {reading.Handles}");
    }
}
