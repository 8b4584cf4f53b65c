namespace FollowUp.Application.Dispatch;

/// <summary>A step whose lease expired or whose doubt can be resolved.</summary>
/// <param name="Instance">The instance, locked together with its job.</param>
/// <param name="Sending">The attempt that was being sent when the worker stopped responding; null when nothing was.</param>
/// <param name="Confirmed">Whether the provider has sent an event for the attempt in doubt.</param>
internal sealed record AbandonedStep(Instance Instance, Attempt? Sending, bool Confirmed);
