using MeshCanary.Soak.Control;
using MeshCanary.Soak.Loads;
using MeshCanary.Soak.Measuring;
using MeshCanary.Testing.Meshes;

namespace MeshCanary.Soak;

/// <summary>One soak: a proxy, everything that it talks to, the load, and what is found in the end.</summary>
internal static class SoakRun
{
    private const int Seed = 1;

    /// <summary>Runs it and prints what it sees.</summary>
    /// <param name="program">The <c>meshcanary.dll</c> to run.</param>
    /// <param name="length">How long the load lasts.</param>
    /// <param name="cancellation">Ends it early, without a verdict.</param>
    /// <returns>Whether everything was as it has to be.</returns>
    public static async Task<bool> RunAsync(string program, TimeSpan length, CancellationToken cancellation)
    {
#pragma warning disable RS0030 // Every soak draws the same.
        var chance = new Random(Seed);
#pragma warning restore RS0030
        await using var stage = await Stage.StartAsync(cancellation);
        await using var stand = await ControlStand.StartAsync(cancellation);
        var changes = new Changes(stand, stage, chance);
        stand.Publish(changes.Routes());
        await using var proxy = await ProxyProcess.StartAsync("soak", stand.Address, cancellation, program);
        await stand.AcknowledgedAsync(cancellation);
        var idle = ProcessReading.Of(proxy.Id);

        await using var mix = new Mix(proxy.Entrance, stage);
        Console.WriteLine($"{length.TotalMinutes} minutes, {mix.Clients} clients with one request each, process {proxy.Id}; before the load RSS {idle.ResidentMegabytes:F0} MB, handles {idle.Handles}");
        var watch = new Watch(proxy, mix);
        using var ending = new CancellationTokenSource();
        var changing = changes.RunAsync(mix.Orderly.Load, ending.Token);
        try
        {
            await watch.ForAsync(length, changing, cancellation);
        }
        catch (Exception fault) when (proxy.HasExited && fault is IOException or HttpRequestException)
        {
            // It is told below.
        }
        finally
        {
            await ending.CancelAsync();
            await changing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await mix.StopAsync();
        }

        if (proxy.HasExited)
        {
            Console.WriteLine($"BAD  the proxy ended by itself. {proxy.Describe()}");
            return false;
        }

        var judge = new Judge(stand, stage, proxy, mix);
        await judge.SettleAsync(idle.Handles, cancellation);
        return await judge.JudgeAsync(changes, changing, watch.Memory, cancellation);
    }
}
