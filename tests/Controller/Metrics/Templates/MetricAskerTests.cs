using System.Collections.Frozen;
using System.Collections.Immutable;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Controller.Metrics.Templates;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.Specs;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Metrics.Templates;

public sealed class MetricAskerTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Start);
    private readonly List<MetricAsker> _askers = [];

    public void Dispose() => _askers.ForEach(asker => asker.Dispose());

    [Fact]
    public async Task Span_ThatIsOver_IsAskedOnceForEachArmAfterItsDelay()
    {
        var provider = new ScriptedProvider(question => ScriptedProvider.One(question.Query.StartsWith("total", StringComparison.Ordinal) ? 200 : 7));
        var asker = Asker(provider);
        _time.Advance(TimeSpan.FromSeconds(14));
        var early = asker.Ask(Order());
        Assert.Equal((0, Start.AddSeconds(15)), (early.Ready.Length, early.AskAgainAt));

        _time.Advance(TimeSpan.FromSeconds(2));
        var span = Assert.Single(await Ready(asker, Order(), 1));
        Assert.Equal((Start, Start.AddSeconds(10), null), (span.From, span.To, span.Absence));
        Assert.Equal((7L, 200L, 7L, 200L), (span.Canary!.Events, span.Canary.Total, span.Stable!.Events, span.Stable.Total));
        Assert.Equal(
            [("canary", "events{pod=~\"(web-v2-[a-z0-9]+)\",route=\"/checkout\"}[10s] shop/web canary v2", "7"), ("canary", "total v2", "200"), ("stable", "events{pod=~\"(web-v1-[a-z0-9]+)\",route=\"/checkout\"}[10s] shop/web stable v1", "7"), ("stable", "total v1", "200")],
            span.Questions.Select(question => (question.Arm, question.Query, question.Answer)));
        Assert.All(provider.Asked, question => Assert.Equal((Start, Start.AddSeconds(10), "shop"), (question.From, question.To, question.Namespace)));
        _ = asker.Ask(Order());
        Assert.Equal(4, provider.Asked.Count);
    }

    [Fact]
    public async Task Span_ThatIsStored_IsNeverAskedAgainAlsoAfterARestart()
    {
        var provider = new ScriptedProvider(_ => ScriptedProvider.One(1));
        _time.Advance(TimeSpan.FromSeconds(36));
        var first = await Ready(Asker(provider), Order(), 3);
        var stored = Order() with { Asked = [first[1]] };
        var asked = provider.Asked.Count;
        var again = await Ready(Asker(provider), stored, 1);
        Assert.Equal(Start.AddSeconds(20), Assert.Single(again).From);
        Assert.Equal(asked + 4, provider.Asked.Count);
    }

    [Fact]
    public async Task Answers_OutOfOrder_AreGivenInTheOrderOfTime()
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var provider = new ScriptedProvider(_ => ScriptedProvider.One(1)) { Gate = first.Task };
        var asker = Asker(provider);
        _time.Advance(TimeSpan.FromSeconds(16));
        _ = asker.Ask(Order());
        await Eventually.Holds(() => provider.Asked.Count == 4, "The first span is not asked for");
        provider.Gate = null;
        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(asker.Ask(Order()).Ready);
        await Eventually.Holds(() => provider.Asked.Count == 8, "The second span is not asked for");
        Assert.Empty(asker.Ask(Order()).Ready);
        first.SetResult();
        Assert.Equal([Start, Start.AddSeconds(10)], (await Ready(asker, Order(), 2)).Select(span => span.From));
    }

    [Theory]
    [InlineData(nameof(FaultKind.Unreachable), 3)]
    [InlineData(nameof(FaultKind.Timeout), 3)]
    [InlineData(nameof(FaultKind.RateLimited), 3)]
    [InlineData(nameof(FaultKind.Refused), 1)]
    [InlineData(nameof(FaultKind.BadQuery), 1)]
    [InlineData(nameof(FaultKind.WrongShape), 1)]
    public async Task Fault_IsTriedAgainWhereThatMayHelp_AndIsAnAbsenceInTheEnd(string kind, int tries)
    {
        var provider = new ScriptedProvider(_ => new MetricAnswer.Fault(Enum.Parse<FaultKind>(kind), "out of order"));
        var asker = Asker(provider);
        _time.Advance(TimeSpan.FromSeconds(16));
        var span = (await Ready(asker, Order(), 1, advance: true))[0];
        Assert.Equal("of the canary, out of order", span.Absence);
        Assert.Null(span.Canary);
        Assert.Equal(4 * tries, provider.Asked.Count(question => question.From == Start));
        Assert.All(span.Questions, question => Assert.Equal("no answer: out of order", question.Answer));
    }

    [Fact]
    public async Task Provider_ThatComesBackWithinItsTries_IsAnAnswer()
    {
        var calls = 0;
        var provider = new ScriptedProvider(_ => Interlocked.Increment(ref calls) <= 4 ? new MetricAnswer.Fault(FaultKind.Unreachable, "gone") : ScriptedProvider.One(1));
        var asker = Asker(provider);
        _time.Advance(TimeSpan.FromSeconds(16));
        Assert.Null((await Ready(asker, Order(), 1, advance: true))[0].Absence);
    }

    [Fact]
    public async Task Provider_ThatThrowsOrNeverAnswers_IsAnAbsenceWithoutItsWords()
    {
        var throwing = Asker(new ScriptedProvider(_ => throw new InvalidOperationException("secret token")));
        _time.Advance(TimeSpan.FromSeconds(16));
        var thrown = Assert.Single(await Ready(throwing, Order(), 1));
        Assert.Contains("failed by a InvalidOperationException", thrown.Absence, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", thrown.Absence, StringComparison.Ordinal);
        var silent = Asker(new ScriptedProvider(_ => ScriptedProvider.One(1)) { Gate = new TaskCompletionSource().Task });
        Assert.Contains("did not answer within 10 s", (await Ready(silent, Order() with { Anchor = _time.GetUtcNow() }, 1, advance: true))[0].Absence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Template_ThatIsMissing_IsAnAbsenceWithTheReason()
    {
        var metrics = RunMetric.Resolve([Metric() with { Query = null }], "shop", new FileTemplates([]));
        _time.Advance(TimeSpan.FromSeconds(16));
        var span = Assert.Single(await Ready(Asker(new ScriptedProvider(_ => ScriptedProvider.One(1))), Order() with { Metrics = metrics }, 1));
        Assert.Equal("MetricTemplate shop/orders does not exist; create it, or name another one", span.Absence);
    }

    [Fact]
    public void Template_ThatAppears_IsTakenAndThenStays()
    {
        var waiting = ImmutableArray.Create(Metric() with { Query = null });
        var there = RunMetric.Resolve(waiting, "shop", new FileTemplates([new NamedMetricTemplate("shop", "orders", Template)]));
        Assert.Equal(Template, there[0].Query);
        Assert.Same(there[0], RunMetric.Resolve(there, "shop", new FileTemplates([]))[0]);
        var misfit = RunMetric.Resolve(waiting, "shop", new FileTemplates([new NamedMetricTemplate("shop", "orders", Template with { TotalQuery = null })]));
        Assert.Contains("does not fit: the template has no totalQuery", misfit[0].Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pause_LongerThanIsMadeUpFor_IsOneAbsenceAndTheNewestQuestions()
    {
        var provider = new ScriptedProvider(_ => ScriptedProvider.One(1));
        _time.Advance(TimeSpan.FromHours(1));
        var ready = await Ready(Asker(provider), Order(), MetricAsker.MostBehind + 1);
        Assert.Contains("the controller was away", ready[0].Absence, StringComparison.Ordinal);
        Assert.Equal((Start, ready[1].From), (ready[0].From, ready[0].To));
        Assert.All(ready[1..], span => Assert.Null(span.Absence));
    }

    [Fact]
    public async Task Provider_ThatThisBuildDoesNotHave_IsAnAbsence()
    {
        var asker = Asker();
        _time.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal("this controller knows no provider 'prometheus'", (await Ready(asker, Order(), 1))[0].Absence);
    }

    private static MetricTemplateSpec Template { get; } = new()
    {
        Provider = new MetricProviderSpec { Type = "prometheus", Address = "http://127.0.0.1:9" },
        Query = "events{pod=~\"{{ podRegex }}\",route=\"{{ route }}\"}[{{ interval }}] {{ namespace }}/{{ service }} {{arm}} {{ revision }}",
        TotalQuery = "total {{ revision }}",
        Arguments = [new MetricArgument("route", null)],
    };

    private static RunMetric Metric() => new(
        new MetricSpec { Name = "orders", Template = "orders", Interval = TimeSpan.FromSeconds(10), Delay = TimeSpan.FromSeconds(5), Arguments = [new MetricArgument("route", "/checkout")] },
        CustomKind.Counts, true, Template);

    private static AskOrder Order() => new()
    {
        Key = "shop/checkout",
        Namespace = "shop",
        RunId = "1",
        Anchor = Start,
        Metrics = [Metric()],
        Asked = [],
        Canary = Arm("canary", "v2"),
        Stable = Arm("stable", "v1"),
    };

    private static ImmutableDictionary<string, string> Arm(string arm, string revision) => ImmutableDictionary<string, string>.Empty
        .Add("arm", arm).Add("revision", revision).Add("namespace", "shop").Add("service", "web").Add("workload", "web").Add("podRegex", $"(web-{revision}-[a-z0-9]+)");

    private MetricAsker Asker(params IMetricProvider[] providers)
    {
        var asker = new MetricAsker(new AskTools(providers.ToFrozenDictionary(one => one.Type, StringComparer.Ordinal), new FolderSecretReader("/nowhere"), _time));
        _askers.Add(asker);
        return asker;
    }

    private Task<ImmutableArray<AskedSpan>> Ready(MetricAsker asker, AskOrder order, int count, bool advance = false) => Eventually.Is(
        () =>
        {
            if (advance)
                _time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(asker.Ask(order).Ready);
        },
        ready => ready.Length >= count,
        $"{count} spans are not done");
}
