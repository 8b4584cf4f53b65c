namespace FollowUp.Application.Dispatch;

internal sealed record AttemptResult(AttemptStatus Status, string? Error, string? ProviderMessageId);
