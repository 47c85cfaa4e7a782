using MeshCanary.Analysis.Simulator.Scenarios;

namespace MeshCanary.Analysis.Simulator.Running;

/// <summary>A row of a table: a scenario, and what every column did in it.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Columns">By column; those that do not apply to the scenario are missing.</param>
internal sealed record RowResult(Scenario Scenario, IReadOnlyDictionary<Column, Tally> Columns);
