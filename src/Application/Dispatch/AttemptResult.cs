using FollowUp.Domain.Instances;

namespace FollowUp.Application.Dispatch;

/// <summary>How an attempt ended.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Error">What was said, when it was no success.</param>
/// <param name="ProviderMessageId">The provider's name for the message, when it gave one.</param>
public sealed record AttemptResult(AttemptStatus Status, string? Error, string? ProviderMessageId);
