using System.CommandLine;
using MeshCanary.Cli.Client;
using MeshCanary.Cli.Hosting;
using MeshCanary.Controller.Api;

namespace MeshCanary.Cli.Commands.Act;

/// <summary>What a person may ask of a rollout: one command per action.</summary>
internal sealed class ActCommand : Command
{
    private const string Jump = "jump";

    private readonly Argument<CanaryName> _canary = CommonArguments.Name();
    private readonly Option<string> _reason = new("--reason", "-r")
    {
        Description = "Why, for the decision log.",
        HelpName = "TEXT",
    };

    private readonly Argument<int> _step = new("STEP") { Description = "The step to go to, from 1." };

    private readonly Terminal _terminal;
    private readonly GlobalOptions _options;

    private ActCommand(string action, string description, Terminal terminal, GlobalOptions options)
        : base(action, description)
    {
        (_terminal, _options) = (terminal, options);
        Add(_canary);
        if (action == Jump)
            Add(_step);
        Add(_reason);
        SetAction(RunAsync);
    }

    /// <summary>All actions.</summary>
    public static IEnumerable<Command> All(Terminal terminal, GlobalOptions options)
    {
        (string Action, string Description)[] actions =
        [
            ("pause", "Holds a run at its present weight until 'resume'."),
            ("resume", "Lets a paused or held run go on."),
            ("approve", "Gives the approval that a run waits for."),
            ("reject", "Refuses the approval: the run ends and traffic returns to stable."),
            ("abort", "Ends a run: traffic returns to stable."),
            ("retry", "Tries the failed version again, as a new run."),
            ("promote", "Skips the remaining steps and promotes the version now, whatever the evidence."),
            ("skip", "Leaves the present step for the next one, whatever the evidence."),
            (Jump, "Goes to a step, earlier or later, whatever the evidence."),
            ("restart", "Begins the run again, with no traffic and a new error budget."),
        ];
        return actions.Select(each => new ActCommand(each.Action, each.Description, terminal, options));
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var api = _options.Connect(parsed);
        var canary = parsed.GetRequiredValue(_canary);
        await api.ActAsync(canary, new ActionRequest(Name, parsed.GetValue(_reason), Name == Jump ? parsed.GetValue(_step) : null), stop);
        _terminal.Out.WriteLine($"{canary}: {Name} accepted. Follow it with 'meshcanary watch {canary}'.");
        return ExitCode.Success;
    }
}
