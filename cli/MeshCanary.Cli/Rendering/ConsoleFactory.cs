using MeshCanary.Cli.Hosting;
using Spectre.Console;

namespace MeshCanary.Cli.Rendering;

/// <summary>Makes a Spectre console that writes where the terminal says, and no escape codes unless a person watches.</summary>
internal static class ConsoleFactory
{
    private const int WidthOfLogs = 80;

    /// <summary>Columns of a line.</summary>
    public static int WidthOf(Terminal terminal) => terminal.Width ?? (terminal.IsInteractive ? Create(terminal).Profile.Width : WidthOfLogs);

    /// <summary>A console on the terminal's output.</summary>
    public static IAnsiConsole Create(Terminal terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal.IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal.HasColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal.IsInteractive ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(terminal.Out),
        });
        if ((terminal.Width ?? (terminal.IsInteractive ? null : WidthOfLogs)) is { } width)
            console.Profile.Width = width;
        if (!terminal.IsInteractive)
            console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
