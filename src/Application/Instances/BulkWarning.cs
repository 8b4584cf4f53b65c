namespace FollowUp.Application.Instances;

/// <summary>A problem of rows that are enrolled nevertheless.</summary>
/// <param name="Line">The line of the first such row in the body.</param>
/// <param name="Code"><c>missingVariable</c>, <c>cannotRender</c>, <c>textAsCondition</c>, <c>phoneIgnored</c>, <c>optedOut</c> or <c>notChecked</c>.</param>
/// <param name="Message">The problem in one sentence.</param>
/// <param name="Rows">How many of the checked rows are affected; for <c>notChecked</c>, how many rows were not checked.</param>
public sealed record BulkWarning(
    int Line,
    [property: OneOf("missingVariable", "cannotRender", "textAsCondition", "phoneIgnored", "optedOut", "notChecked")] string Code,
    string Message,
    int Rows
);
