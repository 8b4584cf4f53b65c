namespace FollowUp.Application.Dispatch;

/// <summary>The state of a channel's circuit breaker for operators.</summary>
/// <param name="IsOpen">Whether only probes are sent.</param>
/// <param name="Cause">While it is open: the code of the last failure, such as <c>sendgrid 503</c>; null when the failure had none.</param>
public sealed record BreakerState(Channel Channel, bool IsOpen, string? Cause);
