using System.Text.Json.Serialization;

namespace FollowUp.Application.Instances;

/// <summary>Something about an enrolment that its author should know.</summary>
/// <param name="Code"><c>missingVariable</c>, <c>cannotRender</c>, <c>textAsCondition</c> or <c>phoneIgnored</c>.</param>
/// <param name="Variable">The variable without a value, or the field; empty where it is about a whole step.</param>
/// <param name="Steps">The indexes of the steps that fail when they get there.</param>
public sealed record EnrolmentWarning(string Code, string Variable, IReadOnlyList<int> Steps)
{
    /// <summary>What is wrong, in a sentence. Absent for <c>missingVariable</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}
