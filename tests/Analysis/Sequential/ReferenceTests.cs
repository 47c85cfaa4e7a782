using System.Text.Json;
using MeshCanary.Analysis.Display;
using MeshCanary.Analysis.Planning;
using MeshCanary.Analysis.Sequential;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Sequential;

public sealed class ReferenceTests
{
    [Covers("SQ02-dirichlet-multinomial")]
    [Fact]
    public void MultinomialEValue_ReferenceCases_Agree()
    {
        var reference = ReferenceCases.Get("SQ02-dirichlet-multinomial");
        reference.Agrees("log_e", Cases(reference).Select(one => MultinomialEValue.Log(
            ReferenceCase.Counts(one.GetProperty("x")), ReferenceCase.Numbers(one.GetProperty("theta0")), ReferenceCase.Numbers(one.GetProperty("alpha")))));
    }

    [Covers("SQ03-ripr-block")]
    [Fact]
    public void TwoSampleEValue_ReferenceCases_Agree()
    {
        var reference = ReferenceCases.Get("SQ03-ripr-block");
        var projections = reference.Expected.GetProperty("ripr").EnumerateArray().Select(ReferenceCase.Numbers).ToArray();
        var logs = new List<double>();
        foreach (var one in Cases(reference))
        {
            double Of(string name) => one.GetProperty(name).GetDouble();
            var margin = new Margin(Of("abs_margin"), Of("rel_margin"));
            var alternative = new ArmRates(Of("theta_c"), Of("theta_b"));
            var projection = TwoSampleEValue.Project(margin, Of("nc"), Of("nb"), alternative);
            reference.Agrees(projections[logs.Count][0], projection.Canary, $"q_c of case {logs.Count}");
            reference.Agrees(projections[logs.Count][1], projection.Stable, $"q_b of case {logs.Count}");
            logs.Add(TwoSampleEValue.Log(margin, Claim.Regression, new BlockCounts(Of("nc"), Of("xc"), Of("nb"), Of("xb")), alternative));
        }

        reference.Agrees("log_e", logs);
    }

    [Covers("SQ04-safestats")]
    [Fact]
    public void SafestatsTargets_ReferenceCases_Agree()
    {
        var reference = ReferenceCases.Get("SQ04-safestats");
        var pair = new BlockCounts(1, 1, 1, 0);
        reference.Agrees("eBeta", BetaEProcess.Log([pair, pair]).Select(Math.Exp));
        reference.Agrees("fnch", Enumerable.Range(1, 5).Select(t => Math.Exp(t * ConditionalEValue.Log(1, 1, 1, 0, Math.Log(3)))));
        reference.Agrees("fnch_pmf", ConditionalEValue.Distribution(2, 2, 2, Math.Log(2)));
        var grid = Enumerable.Range(-80, 161).Select(step => step * 0.1).ToArray();
        reference.Agrees("eGauss", ConditionalEValue.LogMixture([.. Enumerable.Repeat((1L, 0L), 5)], 1, 1, grid).Select(Math.Exp));
    }

    [Covers("SQ05-conditional-fnch")]
    [Fact]
    public void ConditionalEValue_ReferenceCases_Agree()
    {
        var reference = ReferenceCases.Get("SQ05-conditional-fnch");
        reference.Agrees("log_e", Cases(reference).Select(one => ConditionalEValue.Log(
            one.GetProperty("nc").GetInt64(), one.GetProperty("xc").GetInt64(), one.GetProperty("nb").GetInt64(), one.GetProperty("xb").GetInt64(), one.GetProperty("log_or").GetDouble())));
    }

    [Theory]
    [Covers("SQ08a-strict")]
    [InlineData("SQ08a-strict")]
    [Covers("SQ08c-margin")]
    [InlineData("SQ08c-margin")]
    [Covers("SQ08g-promote")]
    [InlineData("SQ08g-promote")]
    public void EvidenceProcess_EngineTrace_Agrees(string id)
    {
        var reference = ReferenceCases.Get(id);
        double Optional(string name) => reference.Inputs.TryGetProperty(name, out var value) ? value.GetDouble() : 0;
        Assert.Equal(OddsGrid.Values.ToArray(), ReferenceCase.Numbers(reference.Inputs.GetProperty("odds_grid")));
        var claim = Optional("direction") < 0 ? Claim.Harmless : Claim.Regression;
        var planned = (int)Optional("cp_T");
        var process = new EvidenceProcess(claim, new Margin(Optional("a"), Optional("r")), planned > 0 ? new StartPrior(0.5, planned) : StartPrior.AtOnce);
        var rate = new StableRate { Prior = Optional("p0") };
        var (logs, anytime) = (new List<double>(), new List<double>());
        foreach (var block in reference.Inputs.GetProperty("intervals_nc_xc_nb_xb").EnumerateArray().Select(ReferenceCase.Counts))
        {
            process.Observe(new BlockCounts(block[0], block[1], block[2], block[3]), rate.Value);
            rate.Add(block[2], block[3]);
            logs.Add(process.LogEvidence);
            anytime.Add(Math.Exp(-process.Highest));
        }

        reference.Agrees("log_e", logs);
        reference.Agrees("anytime_p", anytime);
    }

    [Covers("SQ09-e-detector")]
    [Fact]
    public void ChangeDetector_ReferenceCase_Agrees()
    {
        var reference = ReferenceCases.Get("SQ09-e-detector");
        var values = ReferenceCase.Numbers(reference.Inputs.GetProperty("e"));
        static IEnumerable<double> Run(double[] values, Func<double, double, double> step)
        {
            var state = 0.0;
            foreach (var value in values)
                yield return state = step(state, value);
        }

        reference.Agrees("shiryaev_roberts", Run(values, ChangeDetector.ShiryaevRoberts));
        reference.Agrees("cusum", Run(values, ChangeDetector.Cusum));
        reference.Agrees("uniform_prior_mixture", ChangeDetector.UniformStart(values, reference.Inputs.GetProperty("T").GetInt32()));
    }

    [Covers("SQ11-normal-mixture-cs")]
    [Fact]
    public void DifferenceSequence_ReferenceCase_Agrees()
    {
        var reference = ReferenceCases.Get("SQ11-normal-mixture-cs");
        var phi = reference.Inputs.GetProperty("phi").GetDouble();
        var sequence = new DifferenceSequence();
        var expected = reference.Expected.GetProperty("est_lo_hi").EnumerateArray().Select(ReferenceCase.Numbers).ToArray();
        var place = 0;
        foreach (var block in reference.Inputs.GetProperty("intervals").EnumerateArray().Select(ReferenceCase.Counts))
        {
            sequence.Add(new BlockCounts(block[0], block[1], block[2], block[3]), phi);
            var (difference, low, high) = sequence.Interval(reference.Inputs.GetProperty("alpha").GetDouble());
            reference.Agrees(expected[place][0], difference, $"difference {place}");
            reference.Agrees(expected[place][1], low, $"low {place}");
            reference.Agrees(expected[place++][2], high, $"high {place}");
        }
    }

    [Covers("SQ12-msprt")]
    [Fact]
    public void MixtureRatioTest_ReferenceCases_Agree()
    {
        var reference = ReferenceCases.Get("SQ12-msprt");
        reference.Agrees("log_lambda", Cases(reference).Select(ReferenceCase.Numbers)
            .Select(one => MixtureRatioTest.Log((long)one[1], (long)one[0], (long)one[2], one[3])));
    }

    [Covers("MT02-evalue-merge")]
    [Fact]
    public void EvidenceMerging_ReferenceCase_Agrees()
    {
        var reference = ReferenceCases.Get("MT02-evalue-merge");
        var logs = Array.ConvertAll(ReferenceCase.Numbers(reference.Inputs.GetProperty("e")), Math.Log);
        var alpha = reference.Inputs.GetProperty("alpha").GetDouble();
        var weights = Enumerable.Repeat(1.0, logs.Length).ToArray();
        var adjusted = new double[logs.Length];
        var average = EvidenceMerging.Average(logs, weights);
        EvidenceMerging.Closure(logs, weights, adjusted);
        reference.Agrees(reference.Expected.GetProperty("average").GetDouble(), Math.Exp(average), "average");
        Assert.Equal(reference.Expected.GetProperty("global_reject").GetBoolean(), average >= -Math.Log(alpha));
        reference.Agrees("closure_adjusted_e", adjusted.Select(Math.Exp));
        reference.Agrees("closure_reject_idx0", Enumerable.Range(0, logs.Length).Where(k => adjusted[k] >= -Math.Log(alpha)).Select(k => (double)k));
        reference.Agrees("ebh_rejected_idx0", EvidenceMerging.BenjaminiHochberg(logs, alpha).Select(k => (double)k));
        reference.Agrees("e_bonferroni_idx0", EvidenceMerging.Bonferroni(logs, alpha).Select(k => (double)k));
    }

    [Covers("PL01-planner")]
    [Fact]
    public void DetectionPlan_ReferenceCases_Agree()
    {
        var reference = ReferenceCases.Get("PL01-planner");
        double Of(string name) => reference.Inputs.GetProperty(name).GetDouble();
        var terms = new DetectionTerms(Of("alpha"), Of("metric_weight"), Of("grid_weight"), Of("start_prior"), Of("phi"));
        reference.Agrees("n", Cases(reference).Select(ReferenceCase.Numbers)
            .Select(one => DetectionPlan.ExpectedCanaryRequests(Margin.None, new ArmRates(one[1], one[0]), Of("ratio"), terms)));
    }

    private static JsonElement.ArrayEnumerator Cases(ReferenceCase reference) => reference.Inputs.GetProperty("cases").EnumerateArray();
}
