using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Tests.Traffic.InCluster;
using MeshCanary.Controller.Traffic.Meshes;
using MeshCanary.Controller.Traffic.Meshes.Pinning;

namespace MeshCanary.Controller.Tests.Traffic.Meshes;

/// <summary>Each test drives the planner as a controller does that forgets everything after each call.</summary>
public sealed class PinPlannerTests
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

    private readonly PinPlanner _planner = new("checkout");
    private readonly PatchedObject _service = new(Plain);

    [Fact]
    public void Pin_StableKnown_IsOneCallThatKeepsTheOriginal()
    {
        Assert.Equal("the Service of the stable version", _planner.Pin(_service.Seen, null).Waits);
        Assert.Equal(1, Run("aaa"));
        Assert.Equal("app=checkout,pod-template-hash=aaa", Selector);
        Assert.Equal("""{"app":"checkout"}""", _service.Seen.Metadata.Annotations[ApiNames.OriginalSelectorAnnotation]);
        Assert.Equal("checkout", _service.Seen.Metadata.Annotations[ApiNames.CanaryAnnotation]);
        Assert.Equal("true", _service.Seen.Metadata.Labels[ApiNames.ManagedLabel]);
        Assert.Equal(0, Run("aaa"));
    }

    [Fact]
    public void Pin_AnotherStable_MovesWithoutAWordOnlyToReadyPods()
    {
        Run("aaa");
        Assert.Equal(PinStep.Wait("pods of the stable version to be ready"), _planner.Pin(_service.Seen, Arm("bbb", 0)));
        Assert.Equal(PinStep.Done, _planner.Pin(_service.Seen, Arm("aaa", 0)));
        var step = _planner.Pin(_service.Seen, Arm("bbb", 1));
        Assert.Null(step.Told);
        Assert.True(_service.TryPatch(step.Patch!));
        Assert.Equal("app=checkout,pod-template-hash=bbb", Selector);
        Assert.Equal("""{"app":"checkout"}""", _service.Seen.Metadata.Annotations[ApiNames.OriginalSelectorAnnotation]);
    }

    [Fact]
    public void Pin_SelectorWrittenBySomebodyElse_IsRepairedToldAndNoted()
    {
        Run("aaa");
        _service.Write(service => service.Spec.Selector = new Dictionary<string, string> { ["app"] = "checkout", ["tier"] = "web" });
        var step = _planner.Pin(_service.Seen, Arm("aaa", 1));
        Assert.Contains("written by somebody else", step.Told);
        Assert.True(_service.TryPatch(step.Patch!));
        Assert.Equal("app=checkout,pod-template-hash=aaa,tier=web", Selector);
        Assert.Equal(0, Run("aaa"));
        Assert.Equal(1, Free());
        Assert.Equal("app=checkout,tier=web", Selector);
    }

    [Fact]
    public void Pin_OriginalChangedByTheWebhook_IsFollowedWithoutAWord()
    {
        Run("aaa");
        _service.Write(service => service.Metadata.Annotations[ApiNames.OriginalSelectorAnnotation] = """{"app":"cart"}""");
        var step = _planner.Pin(_service.Seen, Arm("aaa", 1));
        Assert.Null(step.Told);
        Assert.True(_service.TryPatch(step.Patch!));
        Assert.Equal("app=cart,pod-template-hash=aaa", Selector);
    }

    [Fact]
    public void Pin_ChangedSinceItWasSeen_IsRefused()
    {
        var step = _planner.Pin(_service.Seen, Arm("aaa", 1));
        _service.Write(service => service.Spec.Selector["tier"] = "web");
        Assert.False(_service.TryPatch(step.Patch!));
    }

    [Fact]
    public void Free_PodsOfOthersLeft_IsWaitedForAndThenNothingOfOursStays()
    {
        Run("aaa");
        Assert.Contains("pods of other versions to be gone", _planner.Free(_service.Seen, hasArms: true).Waits);
        Assert.Equal(1, Free());
        Assert.Equal("app=checkout", Selector);
        Assert.Empty(_service.Seen.Metadata.Annotations ?? new Dictionary<string, string>());
        Assert.Empty(_service.Seen.Metadata.Labels ?? new Dictionary<string, string>());
        Assert.Equal(0, Free());
    }

    [Fact]
    public void Pin_ServiceOfAnotherCanary_IsWaitedFor()
    {
        _service.Write(service => service.Metadata.Annotations = new Dictionary<string, string> { [ApiNames.CanaryAnnotation] = "other" });
        Assert.Contains("to be let go by Canary other", _planner.Pin(_service.Seen, Arm("aaa", 1)).Waits);
        Assert.Contains("to be let go by Canary other", _planner.Free(_service.Seen, hasArms: false).Waits);
    }

    [Fact]
    public void Pin_SelectorThatNamesPodsOfOneTemplate_IsToldAndLeftAlone()
    {
        _service.Write(service => service.Spec.Selector["pod-template-hash"] = "zzz");
        var step = _planner.Pin(_service.Seen, Arm("aaa", 1));
        Assert.Null(step.Patch);
        Assert.Contains("without pod-template-hash", step.Waits);
    }

    internal static ArmHost Arm(string hash, int ready, string revision = "rev", bool going = false, bool kept = true) => new(
        new V1Service
        {
            Metadata = new V1ObjectMeta
            {
                Name = $"checkout-mc-{hash}",
                NamespaceProperty = "shop",
                ResourceVersion = "7",
                Labels = new Dictionary<string, string> { ["meshcanary.io/revision"] = revision, ["meshcanary.io/canary"] = "checkout" },
                Finalizers = kept ? [ArmHost.Finalizer] : null,
                DeletionTimestamp = going ? new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc) : null,
            },
            Spec = new V1ServiceSpec { Selector = new Dictionary<string, string> { ["app"] = "checkout", ["pod-template-hash"] = hash } },
        },
        ready);

    private string Selector => string.Join(',', _service.Selector.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    private int Run(string hash) => Drive(() => _planner.Pin(_service.Seen, Arm(hash, 1)));

    private int Free() => Drive(() => _planner.Free(_service.Seen, hasArms: false));

    private int Drive(Func<PinStep> next)
    {
        var calls = 0;
        while (next().Patch is { } patch)
        {
            Assert.True(++calls < 10, "It never ends.");
            Assert.True(_service.TryPatch(patch));
        }

        Assert.Equal(PinStep.Done, next());
        return calls;
    }
}
