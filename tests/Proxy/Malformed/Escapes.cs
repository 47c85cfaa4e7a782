using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MeshCanary.Proxy.Tests.Malformed;

/// <summary>Bytes in a text file: <c>\r \n \t \0 \s \\ \xHH</c>, and <c>\{text*times}</c> for what is long.</summary>
internal static partial class Escapes
{
    public static string Resolve(string text) => Escape().Replace(text, Meaning);

    private static string Meaning(Match match) => match.Value[1] switch
    {
        'r' => "\r",
        'n' => "\n",
        't' => "\t",
        '0' => "\0",
        's' => " ",
        '\\' => "\\",
        'x' => ((char)int.Parse(match.Groups["hex"].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString(),
        _ => Repeat(match.Groups["text"].Value, int.Parse(match.Groups["times"].ValueSpan, CultureInfo.InvariantCulture)),
    };

    private static string Repeat(string text, int times)
    {
        var all = new StringBuilder();
        for (var i = 0; i < times; i++)
            all.Append(Resolve(text).Replace("#", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        return all.ToString();
    }

    [GeneratedRegex(@"\\(?:[rnt0s\\]|x(?<hex>[0-9A-Fa-f]{2})|\{(?<text>[^*]*)\*(?<times>\d+)\})")]
    private static partial Regex Escape();
}
