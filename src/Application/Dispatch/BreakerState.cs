using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Dispatch;

/// <summary>A channel's circuit breaker as operators see it.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="IsOpen">Whether only probes are sent.</param>
/// <param name="Cause">While it is open: the code of the last failure, such as <c>sendgrid 503</c>. Null when the failure had none.</param>
public sealed record BreakerState(Channel Channel, bool IsOpen, string? Cause);
