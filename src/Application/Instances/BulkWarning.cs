namespace FollowUp.Application.Instances;

/// <summary>Something that will go wrong for rows that are enrolled all the same.</summary>
/// <param name="Line">The first such row's line in the body.</param>
/// <param name="Code"><c>missingVariable</c>, <c>cannotRender</c>, <c>textAsCondition</c>, <c>phoneIgnored</c>, <c>optedOut</c> or <c>notChecked</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Rows">How many of the checked rows it concerns; of <c>notChecked</c>, how many rows were not.</param>
public sealed record BulkWarning(int Line, string Code, string Message, int Rows);
