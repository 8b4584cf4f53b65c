namespace FollowUp.Application.Instances;

/// <summary>What becomes of one step.</summary>
/// <param name="Id">The step's id; null for a new one that gets its id when it is published.</param>
/// <param name="Type"><c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c>.</param>
/// <param name="Change"><c>unchanged</c>, <c>edited</c>, <c>moved</c>, <c>added</c> or <c>removed</c>.</param>
/// <param name="From">Where it stands in the current version.</param>
/// <param name="To">Where it would stand.</param>
/// <param name="Fields">The fields that say something else; of a moved step too.</param>
public sealed record StepChangeView(string? Id, string Type, string Change, int? From, int? To, IReadOnlyList<string> Fields);
