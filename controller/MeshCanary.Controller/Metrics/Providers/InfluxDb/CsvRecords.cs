using System.Text;
using MeshCanary.Controller.Metrics.Providers.Http;

namespace MeshCanary.Controller.Metrics.Providers.InfluxDb;

/// <summary>Takes CSV apart (RFC 4180).</summary>
internal static class CsvRecords
{
    /// <summary>The records; an empty line is one with one empty field.</summary>
    /// <exception cref="NoAnswerException">A quote is not closed: the answer was cut off.</exception>
    public static IEnumerable<string[]> Of(string csv)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var at = 0; at < csv.Length; at++)
        {
            var letter = csv[at];
            if (quoted)
            {
                if (letter != '"')
                    field.Append(letter);
                else if (at + 1 < csv.Length && csv[at + 1] == '"')
                    field.Append(csv[at++]);
                else
                    quoted = false;
            }
            else if (letter == '"')
                quoted = true;
            else if (letter is ',' or '\n')
            {
                fields.Add(field.ToString());
                field.Clear();
                if (letter == '\n')
                {
                    yield return [.. fields];
                    fields.Clear();
                }
            }
            else if (letter != '\r')
                field.Append(letter);
        }

        if (quoted)
            throw NoAnswerException.Shape("the answer ends within a quoted field");
        if (fields.Count == 0 && field.Length == 0)
            yield break;
        fields.Add(field.ToString());
        yield return [.. fields];
    }
}
