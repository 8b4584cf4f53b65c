using FollowUp.Domain.Instances;

namespace FollowUp.Application.Dispatch;

/// <summary>A step that no worker holds any more.</summary>
/// <param name="Instance">Its instance, locked with its job.</param>
/// <param name="Sending">The attempt that was being sent when the worker vanished; null when nothing was.</param>
/// <param name="Confirmed">Whether the provider has sent an event for the attempt that is in doubt.</param>
public sealed record AbandonedStep(Instance Instance, Attempt? Sending, bool Confirmed);
