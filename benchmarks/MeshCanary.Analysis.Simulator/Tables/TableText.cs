using System.Globalization;
using MeshCanary.Analysis.Simulator.Running;

namespace MeshCanary.Analysis.Simulator.Tables;

/// <summary>Writes tables in columns of fixed width.</summary>
internal static class TableText
{
    private const int NameWidth = 27;
    private const int CellWidth = 13;

    private static readonly double[] SpreadShares = [0.1, 0.5, 0.9];

    /// <summary>Percent rolled back ± Monte Carlo standard error.</summary>
    public static string Rollback(Tally tally) => Share(tally.RollbackShare, tally);

    /// <summary>Percent held at the end.</summary>
    public static string Held(Tally tally) => Share((double)tally.Held / tally.Runs, tally);

    /// <summary>Percent detected / median minute.</summary>
    public static string Detection(Tally tally) => tally.RolledBack == 0 ? "0" : $"{Percent(tally.RollbackShare)} / {Minutes(tally.RollbackMinute(0.5))}";

    /// <summary>Minutes by which 10, 50 and 90 % of the detections were made.</summary>
    public static string Spread(Tally tally) => tally.RolledBack == 0
        ? "-"
        : string.Join(" / ", SpreadShares.Select(share => Minutes(tally.RollbackMinute(share))));

    /// <summary>Percent promoted ± standard error.</summary>
    public static string Promotion(Tally tally) => Share(tally.PromotionShare, tally);

    /// <summary>Median minute of promotion.</summary>
    public static string PromotionMinute(Tally tally) => tally.Promoted == 0 ? "-" : Minutes(tally.PromotionMinute);

    /// <summary>Writes a heading, the titles and one line a row.</summary>
    public static void Write(TextWriter output, string heading, IReadOnlyList<RowResult> rows, params IReadOnlyList<(string Title, Column Column, Func<Tally, string> Cell)> columns)
    {
        var cells = columns.Select(column => rows.Select(row => row.Columns.TryGetValue(column.Column, out var tally) ? column.Cell(tally) : "-").Prepend(column.Title).ToArray()).ToArray();
        var widths = cells.Select(column => Math.Max(CellWidth, column.Max(cell => cell.Length) + 2)).ToArray();
        output.WriteLine();
        output.WriteLine(heading);
        for (var line = 0; line <= rows.Count; line++)
        {
            var name = line == 0 ? "" : rows[line - 1].Scenario.Name;
            output.WriteLine(name.PadRight(NameWidth) + string.Concat(cells.Zip(widths, (column, width) => column[line].PadLeft(width))));
        }
    }

    private static string Share(double share, Tally tally) => share == 0 ? "0" : share == 1 ? "100" : $"{Percent(share)} ±{Percent(tally.Error(share))}";

    private static string Percent(double share) => (100 * share).ToString(share is > 0 and < 0.0995 ? "0.00" : share < 0.9995 && share > 0 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Minutes(double minutes) => minutes.ToString(minutes < 9.95 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
