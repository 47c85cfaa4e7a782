namespace MeshCanary.Cli.Rendering;

/// <summary>A bar of a fixed width that fills toward its threshold.</summary>
internal static class Bar
{
    private const string Eighths = " ▏▎▍▌▋▊▉";

    /// <summary>With block characters, to an eighth of a column.</summary>
    public static string Blocks(double level, int width)
    {
        var eighths = (int)Math.Round(Math.Clamp(level, 0, 1) * width * 8);
        var text = new string('█', eighths / 8);
        if (eighths % 8 != 0)
            text += Eighths[eighths % 8];
        return text.PadRight(width, '░');
    }

    /// <summary>With characters that every log can show.</summary>
    public static string Plain(double level, int width)
    {
        var full = (int)Math.Round(Math.Clamp(level, 0, 1) * width);
        return new string('#', full) + new string('.', width - full);
    }
}
