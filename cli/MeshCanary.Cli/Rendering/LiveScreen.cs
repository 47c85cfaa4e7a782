using MeshCanary.Cli.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MeshCanary.Cli.Rendering;

/// <summary>Redraws one page in place while frames arrive.</summary>
internal static class LiveScreen
{
    /// <summary>Runs <paramref name="body"/>, which calls its argument with every new page.</summary>
    public static Task RunAsync(Terminal terminal, Func<Action<IRenderable>, Task> body)
    {
        var console = ConsoleFactory.Create(terminal);
        return console.Live(new Text(""))
            .Overflow(VerticalOverflow.Crop)
            .Cropping(VerticalOverflowCropping.Bottom)
            .StartAsync(live => body(page =>
            {
                live.UpdateTarget(page);
                live.Refresh();
            }));
    }
}
