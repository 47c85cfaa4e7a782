using BenchmarkDotNet.Running;
using MeshCanary.Analysis.Benchmarks;

if (args is ["rank-timings", var path])
    RankTimings.Run(path);
else
    BenchmarkSwitcher.FromAssembly(typeof(JudgeBenchmarks).Assembly).Run(args);
