namespace FollowUp.Application.Dispatch;

/// <summary>The outcome of an attempt.</summary>
/// <param name="Error">The error; null after a success.</param>
/// <param name="ProviderMessageId">The provider's id of the message, if it returned one.</param>
public sealed record AttemptResult(AttemptStatus Status, string? Error, string? ProviderMessageId);
