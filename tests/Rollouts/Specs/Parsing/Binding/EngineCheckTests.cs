using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Specs.Parsing.Binding;
using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Tests.Specs.Parsing.Binding;

public sealed class EngineCheckTests
{
    [Fact]
    public void Run_OnSettingsTheEngineRefuses_SaysWhereTheyAreWritten()
    {
        var documents = new List<Node>();
        NodeReader.Read("guards:\n  - { metric: errorRate, max: 1% }\n  - { metric: latencyP99, max: 1s }\nerrors:\n  harm: { absolute: 1% }\n", documents);
        var settings = new AnalysisSettings
        {
            ErrorHarmAbsolute = 0,
            MinimumIntervals = 0,
            Guards = [new Guard { Metric = "errorRate", Max = 0.5 }, new Guard { Metric = "latencyP99", Max = 0 }],
        };
        var errors = new ErrorList("canary.yaml");
        EngineCheck.Run(settings, new Value(documents[0], "spec.analysis"), errors);
        Assert.Equal(
            [
                "canary.yaml:1:1: spec.analysis: is 0; it must be at least 1. Write a value that the engine can work with.",
                "canary.yaml:3:32: spec.analysis.guards[1].max: is 0; it must be seconds above 0 and up to 120. Write a value that the engine can work with.",
                "canary.yaml:5:21: spec.analysis.errors.harm.absolute: is 0; it must be above ErrorToleranceAbsolute (0.0005) and below 1. Write a value that the engine can work with.",
            ],
            errors.InOrder().Select(error => error.ToString()));
    }
}
