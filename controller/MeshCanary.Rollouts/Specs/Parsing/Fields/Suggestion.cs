namespace MeshCanary.Rollouts.Specs.Parsing.Fields;

/// <summary>Guesses what a mistyped word was meant to be.</summary>
public static class Suggestion
{
    /// <summary>The nearest known word, or null when none is near.</summary>
    public static string? For(string word, IEnumerable<string> known)
    {
        var limit = Math.Max(1, Math.Min(3, word.Length / 2));
        return known
            .Select(candidate => (Candidate: candidate, Distance: Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.Distance <= limit)
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
            .Select(pair => pair.Candidate)
            .FirstOrDefault();
    }

    /// <summary>Edits (insert, delete, replace, swap neighbours) that make one word of the other.</summary>
    internal static int Distance(string one, string other)
    {
        // A long word is never near; without this bound a hostile field name costs quadratic time.
        if (Math.Abs(one.Length - other.Length) > 3)
            return int.MaxValue;
        var table = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
                table[i, j] = Cell(table, one, other, i, j);
        }

        return table[one.Length, other.Length];
    }

    private static int Cell(int[,] table, string one, string other, int i, int j)
    {
        if (i == 0 || j == 0)
            return i + j;
        var cost = one[i - 1] == other[j - 1] ? 0 : 1;
        var best = Math.Min(Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1), table[i - 1, j - 1] + cost);
        var swapped = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
        return swapped ? Math.Min(best, table[i - 2, j - 2] + 1) : best;
    }
}
