using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Controller.Workloads.InPlace.Calls;
using MeshCanary.Controller.Workloads.InPlace.Identity;
using MeshCanary.Controller.Workloads.InPlace.Planning;
using MeshCanary.Controller.Workloads.InPlace.Viewing;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Controller.Tests.Workloads.InPlace.Model;

/// <summary>A cluster with one Deployment, the planner, and everybody who writes to it.</summary>
internal sealed class Stage
{
    private readonly Dictionary<string, string> _words = [];
    private readonly bool _copies;

    /// <summary>What templates name where a revision is to have copies.</summary>
    public const string Config = "settings";

    public Stage(int replicas = 10, HoldMode hold = HoldMode.Webhook, ReleaseAction release = ReleaseAction.Hold, bool copies = false)
    {
        Settings = new DeploymentSpec { Hold = hold, OnRelease = release, ConfigSnapshots = copies };
        Cluster = new ModelCluster(replicas, Templates.Of("v1", copies ? Config : null));
        _copies = copies;
        if (copies)
            Cluster.SetConfig(Config, "one");
        Settle();
        Promoted = Learn("v1");
        Plan = new WorkloadPlan(Promoted, []);
    }

    public ModelCluster Cluster { get; }

    public DeploymentSpec Settings { get; set; }

    public WorkloadPlan Plan { get; set; }

    /// <summary>What the webhook compares with.</summary>
    public Revision Promoted { get; set; }

    public bool Releasing { get; set; }

    public WorkloadSight Sight => InPlaceSight.Of(Cluster.View(), null);

    public InPlaceStep Next() => InPlacePlanner.Next(Cluster.View(), new InPlaceOrder(Plan, Settings, Releasing));

    /// <summary>What the template is called from now on in the words of a test.</summary>
    public Revision Learn(string word)
    {
        var target = Sight.Target!;
        _words.TryAdd(target.Name, word);
        return target;
    }

    /// <summary>A user's write of another template; the webhook holds it.</summary>
    public Revision Deploy(string version, bool webhook = true, string? config = null)
    {
        Cluster.Edit((spec, notes) =>
        {
            spec.Template = Templates.Of(version, config ?? (_copies ? Config : null));
            var home = Cluster.Owned.Concat(Cluster.Sets.Values).FirstOrDefault(set => Objects.Revision(set) == Promoted.Name);
            if (webhook && (home is null || !TemplateJson.AreSame(ConfigCopies.OriginalOf(home), spec.Template)))
                (spec.Paused, notes[ApiNames.HeldAnnotation]) = (true, Promoted.Name);
        });
        return Learn(version);
    }

    /// <summary>A person resumes.</summary>
    public void Resume() => Cluster.Edit((spec, notes) => (spec.Paused, notes[ApiNames.ResumedByAnnotation]) = (null, "ann"));

    public void Ask(Revision home, params (Revision Revision, int? Share)[] arms) =>
        Plan = new WorkloadPlan(home, [.. arms.Select(arm => new ArmPlan(arm.Revision, arm.Share is { } share ? new BasisPoints(share) : null))]);

    /// <summary>Lets the controllers of the cluster do all that they want.</summary>
    public void Settle()
    {
        string before;
        do
        {
            Cluster.Collect();
            before = string.Join(',', Cluster.Sets.Values.Select(set => set.Metadata.ResourceVersion)) + Cluster.Pods.Count(pod => pod.Ready);
            DeploymentController.Sync(Cluster);
            foreach (var name in Cluster.Sets.Keys.ToList())
            {
                ReplicaSetController.Sync(Cluster, name);
                ReplicaSetController.Ready(Cluster, name);
            }
        }
        while (before != string.Join(',', Cluster.Sets.Values.Select(set => set.Metadata.ResourceVersion)) + Cluster.Pods.Count(pod => pod.Ready));
    }

    /// <summary>Calls until nothing is left to do, with the controllers settling after each; gives them in the words of a test.</summary>
    public IReadOnlyList<string> Go(int most = 40, bool settled = true)
    {
        var calls = new List<string>();
        if (settled)
            Settle();
        while (calls.Count < most && Next().Call is { } call)
        {
            calls.Add(Say(call));
            Assert.True(ModelServer.Do(Cluster, call), $"{call} was refused");
            Assert.True(Cluster.Deployment.Spec.Paused != true || Cluster.Active.Count <= 1 || calls.Count < 3, $"two ReplicaSets with pods after {call}");
            Settle();
        }

        return calls;
    }

    public string Say(InPlaceCall call) => _words.Aggregate(call.Says, (text, pair) => text.Replace(pair.Key, pair.Value, StringComparison.Ordinal));

    /// <summary>Adopts, and lets an arm of another version run at a share.</summary>
    public static (Stage Stage, Revision Old, Revision New) WithArm(int share = 10_000, int replicas = 10, HoldMode hold = HoldMode.Webhook, ReleaseAction release = ReleaseAction.Hold, bool copies = false)
    {
        var stage = new Stage(replicas, hold, release, copies);
        stage.Go();
        var old = stage.Promoted;
        var next = stage.Deploy("v2");
        stage.Ask(old, (next, share));
        stage.Go();
        return (stage, old, next);
    }
}
