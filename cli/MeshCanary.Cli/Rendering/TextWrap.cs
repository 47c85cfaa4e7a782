using System.Text;

namespace MeshCanary.Cli.Rendering;

/// <summary>Breaks text at spaces.</summary>
internal static class TextWrap
{
    /// <summary>Lines of at most <paramref name="width"/> columns; a longer word keeps a line of its own.</summary>
    public static IEnumerable<string> Lines(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            if (line.Length > 0)
                line.Append(' ');
            line.Append(word);
        }

        if (line.Length > 0)
            yield return line.ToString();
    }
}
