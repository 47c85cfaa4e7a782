using BenchmarkDotNet.Running;
using MeshCanary.Analysis.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(JudgeBenchmarks).Assembly).Run(args);
