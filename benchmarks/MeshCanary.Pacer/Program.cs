using System.Diagnostics;
using System.Globalization;
using MeshCanary.Pacer;

try
{
    var options = PaceOptions.Parse(args);
    using var load = new PacedLoad(options);
    GC.Collect();
    GC.TryStartNoGCRegion(100_000_000);
    load.Run();
    using var log = new StreamWriter(options.Log);
    var microsecond = Stopwatch.Frequency / 1e6;
    foreach (var (due, status, took) in load.Results)
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{due / microsecond:F0}\t{status}\t{took / microsecond:F0}"));
    return 0;
}
catch (Exception failure) when (failure is FormatException or IOException or System.Net.Sockets.SocketException)
{
    Console.Error.WriteLine($"error: {failure.Message}");
    return 1;
}
