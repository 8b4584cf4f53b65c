namespace FollowUp.Application.Instances;

/// <summary>A problem of rows that are enrolled nevertheless.</summary>
/// <param name="Line">The line of the first such row in the body.</param>
/// <param name="Code">The kind of problem: that of a single enrolment, <c>optedOut</c> or <c>notChecked</c>.</param>
/// <param name="Message">The problem in one sentence.</param>
/// <param name="Rows">How many of the checked rows are affected; for <c>notChecked</c>, how many rows were not checked.</param>
public sealed record BulkWarning(
    int Line,
    [property: OneOf(typeof(EnrolmentWarningCodes), BulkTally.OptedOut, BulkTally.NotChecked)] string Code,
    string Message,
    int Rows
);
