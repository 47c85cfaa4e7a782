using System.Globalization;

namespace MeshCanary.Analysis.Simulator.Tables;

/// <summary>What the command line asks for.</summary>
internal sealed record SimulationOptions
{
    /// <summary>What is understood.</summary>
    public const string Usage = """
        Simulates rollouts and prints how often and how soon each way to judge a canary decides.
          --seed N      master seed (1)
          --runs N      runs per row of healthy canaries (1500); other procedures, regressions and promotions get a third
          --rows TEXT   only rows whose name contains the text
          --threads N   workers (2); the figures do not depend on it
          --quick       a tenth of the runs
        Exit code: 0 when every acceptance target is met, 1 when one is missed, 2 for an unknown option.
        """;

    /// <summary>The master seed.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Runs per row of healthy canaries.</summary>
    public int Runs { get; init; } = 1500;

    /// <summary>A part of the names of the rows to run; empty for all.</summary>
    public string Rows { get; init; } = "";

    /// <summary>Workers.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Independent days of history per background.</summary>
    public int HistoryDays => Math.Clamp(Runs / 20, 20, 100);

    /// <summary>Runs per row of everything but healthy canaries before this engine.</summary>
    public int OtherRuns => Math.Max(1, Runs / 3);

    /// <summary>Reads the arguments; null when one is not understood.</summary>
    public static SimulationOptions? Parse(IReadOnlyList<string> arguments)
    {
        var options = new SimulationOptions();
        for (var place = 0; place < arguments.Count; place++)
        {
            if (arguments[place] == "--quick")
            {
                options = options with { Runs = Math.Max(1, options.Runs / 10) };
                continue;
            }

            if (++place == arguments.Count)
                return null;
            var value = arguments[place];
            var isNumber = long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
            var isCount = isNumber && number is >= 1 and <= 1_000_000;
            SimulationOptions? next = arguments[place - 1] switch
            {
                "--seed" when isNumber => options with { Seed = number },
                "--runs" when isCount => options with { Runs = (int)number },
                "--threads" when isCount => options with { Threads = (int)number },
                "--rows" => options with { Rows = value },
                _ => null,
            };
            if (next is null)
                return null;
            options = next;
        }

        return options;
    }
}
