namespace FollowUp.Application.Instances;

/// <summary>A problem of an enrolment.</summary>
/// <param name="Code">The kind of problem.</param>
/// <param name="Variable">The variable without a value, or the field; empty when the problem concerns a whole step.</param>
/// <param name="Steps">The indexes of the steps that will fail.</param>
public sealed record EnrolmentWarning(
    [property: OneOf(typeof(EnrolmentWarningCodes))] string Code,
    string Variable,
    IReadOnlyList<int> Steps
)
{
    /// <summary>The problem in one sentence. Absent for <c>missingVariable</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}
