using System.Globalization;
using System.Runtime.InteropServices;
using MeshCanary.Soak;

const int DefaultMinutes = 10;
const int MostMinutes = 120;

// benchmarks/soak.sh builds the proxy and says where it is.
var minutes = DefaultMinutes;
if (args is not [var program, .. var options]
    || options is not ([] or ["--minutes", _])
    || (options is [_, var text] && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out minutes))
    || minutes is < 1 or > MostMinutes)
{
    Console.Error.WriteLine($"Use benchmarks/soak.sh [--minutes N], N from 1 to {MostMinutes}; without it {DefaultMinutes}.");
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
try
{
    return await SoakRun.RunAsync(program, TimeSpan.FromMinutes(minutes), stop.Token) ? 0 : 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Interrupted: everything was ended, nothing was judged.");
    return 130;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
