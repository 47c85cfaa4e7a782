using MeshCanary.Analysis.Sequential;
using MeshCanary.Analysis.Sequential.Boundaries;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Sequential.Boundaries;

public sealed class BoundaryReferenceTests
{
    [Covers("SQ01-confseq-units")]
    [Fact]
    public void Boundaries_ConfseqUnits_Agree()
    {
        var reference = ReferenceCases.Get("SQ01-confseq-units");
        double Of(string name) => reference.Inputs.GetProperty(name).GetDouble();
        var (at, alpha, s, v) = (Of("v_opt"), Of("alpha_opt"), Of("s"), Of("v"));
        void Holds(string name, IMixtureBoundary mixture, string log = "logSM", string bound = "bound")
        {
            var expected = reference.Expected.GetProperty(name);
            reference.Agrees(expected.GetProperty(log).GetDouble(), mixture.LogSupermartingale(s, v), $"{name} {log}");
            reference.Agrees(expected.GetProperty(bound).GetDouble(), mixture.Bound(v, Of("alpha")), $"{name} {bound}");
        }

        var two = new TwoSidedNormalMixture(at, alpha);
        reference.Agrees(reference.Expected.GetProperty("two_sided_normal").GetProperty("best_rho_100_05").GetDouble(), two.Rho, "rho");
        Holds("two_sided_normal", two, "logSM_s10_v100", "bound_v100_a05");
        Holds("one_sided_normal", new OneSidedNormalMixture(at, alpha));
        Holds("gamma_exponential_c2", new GammaExponentialMixture(at, alpha, 2));
        Holds("gamma_poisson_c2", new GammaPoissonMixture(at, alpha, 2));
        Holds("beta_binomial_two_g02_h08", new BetaBinomialMixture(at, alpha, 0.2, 0.8, isOneSided: false));
        Holds("beta_binomial_one", new BetaBinomialMixture(at, alpha, 0.2, 0.8, isOneSided: true));
        var stitch = reference.Expected.GetProperty("poly_stitch");
        reference.Agrees(stitch.GetProperty("vmin10_c3_s14_eta2_v100_a05").GetDouble(), new PolynomialStitching(10, 3).Bound(v, 0.05), "stitching");
        reference.Agrees(stitch.GetProperty("vmin10_cneg1").GetDouble(), new PolynomialStitching(10, -1).Bound(v, 0.05), "stitching, c below 0");
        reference.Agrees(
            reference.Expected.GetProperty("empirical_process_lil_t1000_a05_tmin100_A085").GetDouble(), new EmpiricalProcessBound(0.05, 100).Radius(1000), "empirical process");
    }

    [Fact]
    public void EmpiricalProcessBound_FivePercent_HasThePublishedConstant() =>
        Assert.Equal(8.123, new EmpiricalProcessBound(0.05, 100).Constant, 5e-4);

    [Covers("SQ06-armitage")]
    [Fact]
    public void RepeatedLooks_Armitage_Agrees()
    {
        var reference = ReferenceCases.Get("SQ06-armitage");
        var z = reference.Inputs.GetProperty("z").GetDouble();
        var errors = ReferenceCase.Numbers(reference.Inputs.GetProperty("looks")).Select(looks => RepeatedLooks.TypeOneError(z, (int)looks)).ToArray();
        reference.Agrees("type1", errors);
        var published = reference.Numbers("published");
        for (var i = 0; i < errors.Length; i++)
        {
            Assert.Equal(reference.Numbers("type1")[i], errors[i], 1e-8);
            Assert.Equal(published[i], errors[i], 5.1e-4);
        }
    }
}
