using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MeshCanary.Cli.Hosting;

/// <summary>Help that ends with a command's own notes, such as its exit codes; the list of commands stays short.</summary>
internal sealed class NotedHelp(HelpAction inner) : SynchronousCommandLineAction
{
    /// <summary>Gives a root command this kind of help.</summary>
    public static void Install(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new NotedHelp((HelpAction)help.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = inner.Invoke(parseResult);
        if (parseResult.CommandResult.Command is INoted noted)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(noted.Notes);
            parseResult.InvocationConfiguration.Output.WriteLine();
        }

        return code;
    }
}
