namespace MeshCanary.Analysis.Simulator.Running;

/// <summary>
/// Overdispersion from minutes of stable against stable: z = (p1 − p2)/sqrt(p(1−p)(1/n1 + 1/n2)) per minute, and
/// φ = max(1, max over B of mean (Σ of B z's)²/B), B = 1, 5, 15, 30 minutes.
/// </summary>
internal sealed class BatchMeans
{
    private static readonly int[] Batches = [1, 5, 15, 30];

    private readonly List<double> _scores = [];

    /// <summary>Takes a minute: events and requests of both halves.</summary>
    public void Add(long firstEvents, long firstRequests, long secondEvents, long secondRequests)
    {
        if (firstRequests == 0 || secondRequests == 0)
            return;
        var pooled = (double)(firstEvents + secondEvents) / (firstRequests + secondRequests);
        var variance = pooled * (1 - pooled) * ((1.0 / firstRequests) + (1.0 / secondRequests));
        if (variance > 0)
            _scores.Add((((double)firstEvents / firstRequests) - ((double)secondEvents / secondRequests)) / Math.Sqrt(variance));
    }

    /// <summary>φ of the minutes so far.</summary>
    public double Overdispersion()
    {
        var highest = 1.0;
        foreach (var size in Batches)
        {
            var (sum, batches) = (0.0, _scores.Count / size);
            for (var batch = 0; batch < batches; batch++)
            {
                var total = 0.0;
                for (var place = 0; place < size; place++)
                    total += _scores[(batch * size) + place];
                sum += total * total / size;
            }

            if (batches > 0)
                highest = Math.Max(highest, sum / batches);
        }

        return highest;
    }
}
