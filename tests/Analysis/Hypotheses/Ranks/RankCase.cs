using System.Text.Json;

namespace MeshCanary.Analysis.Tests.Hypotheses.Ranks;

internal sealed record RankCase(string Id, double[] Canary, double[] Stable, JsonElement Expected);
