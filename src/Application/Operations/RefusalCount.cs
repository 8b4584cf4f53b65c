namespace FollowUp.Application.Operations;

/// <summary>The number of rows refused for one reason.</summary>
/// <param name="Code">The error code, such as <c>invalidTransition</c>.</param>
/// <param name="Count">The number of rows.</param>
public sealed record RefusalCount(string Code, int Count);
