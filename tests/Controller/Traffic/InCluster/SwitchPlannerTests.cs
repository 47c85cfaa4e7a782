using System.Collections.Immutable;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Traffic.InCluster.Switching;

namespace MeshCanary.Controller.Tests.Traffic.InCluster;

/// <summary>Each test drives the planner as a controller does that forgets everything after each call.</summary>
public sealed class SwitchPlannerTests
{
    private const string Plain =
        """
        metadata:
          name: checkout
          namespace: shop
        spec:
          selector: { app: checkout }
          ports: [{ port: 80, targetPort: 8080 }]
        """;

    private readonly SwitchPlanner _planner = new("checkout", "checkout-meshcanary-proxy");
    private readonly PatchedObject _service = new(Plain);

    [Fact]
    public void Switch_ProxiesReady_IsOneCallThatKeepsTheOriginal()
    {
        Assert.Equal("the proxies to be ready", _planner.Next(SwitchWish.ToProxies, View(ready: false)).Waits);
        // Ready by the word of a leader that is gone, who knew of no pods yet.
        Assert.Equal("the proxies to acknowledge which pods there are", _planner.Next(SwitchWish.ToProxies, View() with { RouteIsInForce = false }).Waits);
        Assert.Equal(1, Run(SwitchWish.ToProxies));

        Assert.Equal("checkout-meshcanary-proxy", Assert.Single(_service.Selector, pair => pair.Key == "meshcanary.io/proxy").Value);
        Assert.Single(_service.Selector);
        var seen = _service.Seen;
        Assert.Equal("""{"app":"checkout"}""", seen.Metadata.Annotations[ApiNames.OriginalSelectorAnnotation]);
        Assert.Equal("checkout", seen.Metadata.Annotations[ApiNames.CanaryAnnotation]);
        Assert.Equal("true", seen.Metadata.Labels[ApiNames.ManagedLabel]);
        Assert.Equal(0, Run(SwitchWish.ToProxies));
    }

    [Fact]
    public void Switch_ServiceChangedSinceItWasSeen_IsRefusedAndTriedOnWhatIsThere()
    {
        var step = _planner.Next(SwitchWish.ToProxies, View());
        _service.Write(service => service.Spec.Selector["tier"] = "web");

        Assert.False(_service.TryPatch(step.Patch!));
        Run(SwitchWish.ToProxies);
        Assert.Equal("""{"app":"checkout","tier":"web"}""", _service.Seen.Metadata.Annotations[ApiNames.OriginalSelectorAnnotation]);
    }

    [Fact]
    public void Release_AfterASwitch_LeavesTheServiceAsItWas()
    {
        _service.Write(service => service.Metadata.Annotations = new Dictionary<string, string> { ["team"] = "a" });
        Run(SwitchWish.ToProxies);
        Run(SwitchWish.ToPods);

        var seen = _service.Seen;
        Assert.Equal(new Dictionary<string, string> { ["app"] = "checkout" }, seen.Spec.Selector);
        Assert.Equal(new Dictionary<string, string> { ["team"] = "a" }, seen.Metadata.Annotations);
        Assert.False(seen.Metadata.Labels?.ContainsKey(ApiNames.ManagedLabel) ?? false);
    }

    [Fact]
    public void Release_WaitsForArmsThenForEndpointsThenDeletesThenIsDone()
    {
        Run(SwitchWish.ToProxies);
        Assert.Contains("pods of other versions", _planner.Next(SwitchWish.ToPods, View() with { HasArms = true }).Waits, StringComparison.Ordinal);
        Run(SwitchWish.ToPods);

        var listed = View() with { Listed = ["checkout-1", "p1"], Proxies = ["p1", "p2"] };
        var waiting = _planner.Next(SwitchWish.ToPods, listed);
        Assert.False(waiting.DeletesProxies);
        Assert.Contains("list its own pods alone", waiting.Waits, StringComparison.Ordinal);

        Assert.True(_planner.Next(SwitchWish.ToPods, listed with { Listed = ["checkout-1"] }).DeletesProxies);
        Assert.Equal(SwitchStep.Done, _planner.Next(SwitchWish.ToPods, View() with { HasProxies = false }));
    }

    [Fact]
    public void Release_ForeignKeyBesideOurs_IsKept()
    {
        Run(SwitchWish.ToProxies);
        _service.Write(service => service.Spec.Selector["zone"] = "north");
        Run(SwitchWish.ToPods);

        Assert.Equal(new Dictionary<string, string> { ["app"] = "checkout", ["zone"] = "north" }, _service.Selector);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Repair_OriginalWrittenBack_LeadsToTheProxiesAgainAndTellsSomebody(bool isReleasing)
    {
        var wish = isReleasing ? SwitchWish.Keep : SwitchWish.ToProxies;
        Run(SwitchWish.ToProxies);
        _service.Write(service => service.Spec.Selector = new Dictionary<string, string> { ["app"] = "checkout" });

        var step = _planner.Next(wish, View(ready: false));
        Assert.Contains("written by somebody else", step.Told, StringComparison.Ordinal);
        Assert.True(_service.TryPatch(step.Patch!));
        Assert.Single(_service.Selector);
        Assert.Equal("""{"app":"checkout"}""", _service.Seen.Metadata.Annotations[ApiNames.OriginalSelectorAnnotation]);
    }

    [Fact]
    public void Repair_ClientSideMergeOfAnotherSelector_IsTheNewOriginal()
    {
        Run(SwitchWish.ToProxies);
        // A client-side apply adds its keys to ours.
        _service.Write(service =>
        {
            service.Spec.Selector["app"] = "checkout";
            service.Spec.Selector["track"] = "main";
        });
        Run(SwitchWish.ToProxies);

        Assert.Single(_service.Selector);
        Run(SwitchWish.ToPods);
        Assert.Equal(new Dictionary<string, string> { ["app"] = "checkout", ["track"] = "main" }, _service.Selector);
    }

    [Fact]
    public void Keep_BeforeTheAdoption_TouchesNothing()
    {
        Assert.Equal(0, Run(SwitchWish.Keep));
        Assert.Equal(new Dictionary<string, string> { ["app"] = "checkout" }, _service.Selector);
    }

    [Fact]
    public void Anything_ServiceOfAnotherCanary_WaitsForIt()
    {
        _service.Write(service => service.Metadata.Annotations = new Dictionary<string, string> { [ApiNames.CanaryAnnotation] = "other" });
        foreach (var wish in Enum.GetValues<SwitchWish>())
        {
            var step = _planner.Next(wish, View());
            Assert.Null(step.Patch);
            Assert.Contains("Canary other", step.Waits, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[]")]
    public void Anything_OriginalLost_AsksAPersonInsteadOfGuessing(string? annotation)
    {
        Run(SwitchWish.ToProxies);
        _service.Write(service =>
        {
            service.Metadata.Annotations.Remove(ApiNames.OriginalSelectorAnnotation);
            if (annotation is not null)
                service.Metadata.Annotations[ApiNames.OriginalSelectorAnnotation] = annotation;
        });

        foreach (var wish in new[] { SwitchWish.ToProxies, SwitchWish.ToPods })
        {
            var step = _planner.Next(wish, View());
            Assert.Null(step.Patch);
            Assert.False(step.DeletesProxies);
            Assert.Contains("is lost", step.Waits, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Release_ServiceIsGone_ProxiesGoAllTheSame()
    {
        Assert.True(_planner.Next(SwitchWish.ToPods, new SwitchView { HasProxies = true }).DeletesProxies);
        Assert.Equal(SwitchStep.Done, _planner.Next(SwitchWish.Keep, new SwitchView()));
        Assert.Contains("not there", _planner.Next(SwitchWish.ToProxies, new SwitchView()).Waits, StringComparison.Ordinal);
    }

    private SwitchView View(bool ready = true) => new()
    {
        Service = _service.Seen,
        ProxiesAreReady = ready,
        RouteIsInForce = ready,
        HasProxies = true,
        Listed = ImmutableHashSet<string>.Empty,
    };

    private int Run(SwitchWish wish)
    {
        for (var calls = 0; ; calls++)
        {
            Assert.True(calls < 10, "It comes to no end.");
            if (_planner.Next(wish, View()).Patch is not { } patch)
                return calls;
            Assert.True(_service.TryPatch(patch), patch.ToString());
        }
    }
}
