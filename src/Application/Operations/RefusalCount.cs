namespace FollowUp.Application.Operations;

/// <summary>How many rows were refused for one reason.</summary>
/// <param name="Code">The refusal's code, such as <c>invalidTransition</c>.</param>
/// <param name="Count">How many.</param>
public sealed record RefusalCount(string Code, int Count);
