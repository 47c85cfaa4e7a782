using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;

namespace MeshCanary.SampleService.Options;

/// <summary>The command line of the sample service.</summary>
internal sealed class SampleCommand
{
    private const int InvalidUsage = 2;

    private static readonly SampleOptions Standard = new();

    private readonly Option<string> _version = new("--version")
    {
        Description = "name of the version, shown in every answer",
        DefaultValueFactory = _ => Standard.Version,
    };

    private readonly Option<IPEndPoint> _listen = new("--listen")
    {
        Description = "PORT or ADDRESS:PORT; port 0 takes any free one",
        DefaultValueFactory = _ => Standard.Listen,
        CustomParser = ParseListen,
    };

    private readonly Option<double> _errorRate = Number(
        "--error-rate", "share of requests that fail", Standard.ErrorRate, 0, 1);

    private readonly Option<double> _latencyMs = Number(
        "--latency-ms", "median latency in milliseconds; the 99th percentile is five times that", Standard.Latency.TotalMilliseconds, 0, 60_000);

    private readonly Option<double> _latencyFactor = Number(
        "--latency-factor", "multiplies the latency", Standard.LatencyFactor, 0, 1_000);

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "seed of chance: the n-th request fares the same in every run",
        DefaultValueFactory = _ => Standard.Seed,
    };

    private readonly Option<double> _failFrom = Number(
        "--fail-from-seconds", "the version is sound until then", Standard.FailFrom.TotalSeconds, 0, 1e6);

    private readonly Option<bool> _flaky = new("--flaky")
    {
        Description = "for two seconds out of every eight, 30 % of requests fail",
    };

    private readonly Option<bool> _exitWithStdin = new("--exit-with-stdin")
    {
        Description = "stop when standard input closes, so as never to outlive the process that holds it",
    };

    /// <summary>Reads the options; help goes to standard output, and mistakes to standard error.</summary>
    public ParsedOptions Parse(string[] args)
    {
        var command = new RootCommand("A small HTTP service that can be good or bad on demand.");

        // --version means something else here than the version of this program.
        foreach (var version in command.Options.OfType<VersionOption>().ToArray())
            command.Options.Remove(version);
        foreach (var option in new Option[]
            { _version, _listen, _errorRate, _latencyMs, _latencyFactor, _seed, _failFrom, _flaky, _exitWithStdin })
            command.Options.Add(option);

        var parsed = command.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                Console.Error.WriteLine(error.Message);
            Console.Error.WriteLine("Run with --help for the options.");
            return new ParsedOptions(null, InvalidUsage);
        }

        return parsed.Action is null ? new ParsedOptions(Read(parsed), 0) : new ParsedOptions(null, parsed.Invoke());
    }

    private SampleOptions Read(ParseResult parsed) => new()
    {
        Version = parsed.GetRequiredValue(_version),
        Listen = parsed.GetRequiredValue(_listen),
        ErrorRate = parsed.GetValue(_errorRate),
        Latency = TimeSpan.FromMilliseconds(parsed.GetValue(_latencyMs)),
        LatencyFactor = parsed.GetValue(_latencyFactor),
        Seed = parsed.GetValue(_seed),
        FailFrom = TimeSpan.FromSeconds(parsed.GetValue(_failFrom)),
        Flaky = parsed.GetValue(_flaky),
        ExitWithStdin = parsed.GetValue(_exitWithStdin),
    };

    private static Option<double> Number(string name, string description, double standard, double least, double most)
    {
        var option = new Option<double>(name)
        {
            Description = description,
            DefaultValueFactory = _ => standard,
        };
        option.CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                && value >= least && value <= most)
                return value;

            result.AddError(string.Create(
                CultureInfo.InvariantCulture, $"{name}: '{text}' is not a number from {least} to {most}."));
            return standard;
        };
        return option;
    }

    private static IPEndPoint? ParseListen(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (ListenAddress.TryParse(text, out var address))
            return address;

        result.AddError($"--listen: '{text}' is neither PORT nor ADDRESS:PORT, such as 127.0.0.1:8080.");
        return null;
    }
}
