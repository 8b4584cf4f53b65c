namespace FollowUp.Application.Instances;

/// <summary>What publishing would do with one step.</summary>
/// <param name="Id">The step's id; null for a new step that gets its id when it is published.</param>
/// <param name="Type"><c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c>.</param>
/// <param name="Change"><c>unchanged</c>, <c>edited</c>, <c>moved</c>, <c>added</c> or <c>removed</c>.</param>
/// <param name="From">The index in the current version.</param>
/// <param name="To">The index in the new version.</param>
/// <param name="Fields">The fields that differ; also for a moved step.</param>
public sealed record StepChangeView(
    string? Id,
    string Type,
    [property: OneOf(typeof(StepChangeKind))] string Change,
    int? From,
    int? To,
    IReadOnlyList<string> Fields
);
