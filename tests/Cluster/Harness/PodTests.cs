using k8s;
using k8s.Models;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Harness;

public sealed class PodTests(ClusterFixture fixture) : ClusterTest(fixture)
{
    [Fact]
    public async Task Readiness_OfAProbeThatFails_KeepsThePodOutOfItsService()
    {
        await Space.ApplyAsync(Pod("slow", """
              readinessProbe:
                exec: { command: ["test", "-e", "/tmp/ready"] }
                periodSeconds: 1
            """), Stop);
        var pod = await Space.PodAsync("app=slow", one => one.Status.Phase == "Running", "the pod runs", Stop);
        Assert.False(IsReady(pod));

        await Cluster.ExecAsync(Space.Name, "slow", ["touch", "/tmp/ready"], Stop);
        await Space.PodAsync("app=slow", IsReady, "the pod is ready", Stop);

        await Cluster.ExecAsync(Space.Name, "slow", ["rm", "/tmp/ready"], Stop);
        await Space.PodAsync("app=slow", one => !IsReady(one), "the pod is not ready any more", Stop);
    }

    [Fact]
    public async Task Container_ThatExitsAtOnce_IsSeenInACrashLoop()
    {
        await Space.ApplyAsync(Pod("crash", """  args: ["sh", "-c", "exit 3"]"""), Stop);

        var pod = await Space.PodAsync(
            "app=crash", one => Container(one).State.Waiting?.Reason == "CrashLoopBackOff" && Container(one).RestartCount > 0,
            "the container crashes again and again", Stop);

        Assert.Equal(3, Container(pod).LastState.Terminated.ExitCode);
    }

    [Fact]
    public async Task Container_ThatFailsItsLivenessProbe_IsStartedAgain()
    {
        await Space.ApplyAsync(Pod("ill", """
              livenessProbe:
                exec: { command: ["false"] }
                periodSeconds: 1
                failureThreshold: 1
            """), Stop);

        await Space.PodAsync("app=ill", one => Container(one).RestartCount > 0, "the container is started again", Stop);
    }

    [Fact]
    public async Task Image_ThatNobodyHas_IsSeenAsAPullError()
    {
        await Space.ApplyAsync(Pod("none", "").Replace("image: shell", "image: nowhere/no-such:v1", StringComparison.Ordinal), Stop);

        await Space.PodAsync(
            "app=none", one => Container(one).State.Waiting?.Reason is "ErrImagePull" or "ImagePullBackOff", "the image is missing", Stop);
    }

    [Fact]
    public async Task ConfigMap_InVariablesAndFiles_IsSeenInTheContainer()
    {
        await Space.ApplyAsync("""
            apiVersion: v1
            kind: ConfigMap
            metadata: { name: settings }
            data: { colour: blue, page.html: "hello" }
            """, Stop);
        await Space.ApplyAsync(Pod("reader", """
              env:
              - name: COLOUR
                valueFrom: { configMapKeyRef: { name: settings, key: colour } }
              - name: WHO
                valueFrom: { fieldRef: { fieldPath: metadata.name } }
              - { name: BOTH, value: "$(WHO) is $(COLOUR)" }
              volumeMounts:
              - { name: settings, mountPath: /etc/settings }
            """, """
            volumes:
            - name: settings
              configMap: { name: settings }
            """), Stop);
        await Space.PodAsync("app=reader", IsReady, "the pod is ready", Stop);

        var seen = await Cluster.ExecAsync(Space.Name, "reader", ["sh", "-c", "echo $BOTH; hostname; cat /etc/settings/page.html"], Stop);

        Assert.Equal("reader is blue\nreader\nhello", seen.Output);
    }

    [Fact]
    public async Task Deletion_OfAContainerThatIgnoresTheRequest_TakesTheGraceAndEnds()
    {
        await Space.ApplyAsync(Pod("stubborn", """  args: ["sh", "-c", "trap 'touch /tmp/asked' TERM; while :; do sleep 0.1; done"]""", grace: 3), Stop);
        await Space.PodAsync("app=stubborn", IsReady, "the pod is ready", Stop);

        await Space.Client.CoreV1.DeleteNamespacedPodAsync("stubborn", Space.Name, cancellationToken: Stop);
        await Eventually.TrueAsync(
            async () => (await Cluster.ExecAsync(Space.Name, "stubborn", ["test", "-e", "/tmp/asked"], Stop)).ExitCode == 0,
            Soon, "the container is asked to end, and runs", cancellation: Stop);
        Assert.NotNull((await Space.PodsAsync("app=stubborn", Stop)).Single().Metadata.DeletionTimestamp);

        await Eventually.TrueAsync(
            async () => (await Space.PodsAsync("app=stubborn", Stop)).Count == 0, Soon, "the pod is gone", cancellation: Stop);
    }

    [Fact]
    public async Task Account_OfAPod_IsKnownByItsToken()
    {
        await Space.ApplyAsync(Pod("caller", ""), Stop);
        await Space.PodAsync("app=caller", IsReady, "the pod is ready", Stop);
        var token = await Cluster.ExecAsync(Space.Name, "caller", ["cat", "/var/run/secrets/kubernetes.io/serviceaccount/token"], Stop);

        var review = await Space.Client.AuthenticationV1.CreateTokenReviewAsync(
            new V1TokenReview { Spec = new V1TokenReviewSpec { Token = token.Output } }, cancellationToken: Stop);

        Assert.True(review.Status.Authenticated);
        Assert.Equal($"system:serviceaccount:{Space.Name}:default", review.Status.User.Username);
    }

    [Fact]
    public async Task Pods_OfOneDeployment_AreSpreadOverTheNodes()
    {
        await Space.ApplyAsync(Sample.Deployment("web", "v1", 3), Stop);
        await Space.AvailableAsync("web", Stop);

        Assert.Equal(3, (await Space.PodsAsync("app=web", Stop)).Select(pod => pod.Spec.NodeName).Distinct().Count());
    }

    private static bool IsReady(V1Pod pod) =>
        pod.Status.Conditions?.Any(condition => condition.Type == "Ready" && condition.Status == "True") == true;

    private static V1ContainerStatus Container(V1Pod pod) =>
        pod.Status.ContainerStatuses?.Single() ?? new V1ContainerStatus { State = new V1ContainerState(), LastState = new V1ContainerState() };

    private static string Pod(string name, string container, string spec = "", int grace = 1) => $$"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: {{name}}
          labels: { app: {{name}} }
        spec:
          terminationGracePeriodSeconds: {{grace}}
        {{Sample.Indent(spec, 2)}}
          containers:
          - name: app
            image: shell
        {{Sample.Indent(container, 2)}}
        """;
}
