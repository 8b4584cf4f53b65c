namespace FollowUp.Application.Instances;

/// <summary>Something that will go wrong for rows that are enrolled all the same.</summary>
/// <param name="Line">The first such row's line in the body.</param>
/// <param name="Code"><c>missingVariable</c>, <c>cannotRender</c>, <c>textAsCondition</c> or <c>phoneIgnored</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Rows">How many of the checked rows it concerns.</param>
public sealed record BulkWarning(int Line, string Code, string Message, int Rows);
