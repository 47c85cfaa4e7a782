using System.Globalization;
using MeshCanary.Analysis.Simulator.Tables;

if (SimulationOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(SimulationOptions.Usage);
    return 2;
}

var started = TimeProvider.System.GetTimestamp();
var areMet = new TableSet(options).Write(Console.Out);
Console.WriteLine();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:F0} s on {options.Threads} threads."));
return areMet ? 0 : 1;
