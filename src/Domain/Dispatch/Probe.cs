namespace FollowUp.Domain.Dispatch;

/// <summary>A message that is sent to test whether a provider works again.</summary>
public readonly record struct Probe(OwnerId Owner, InstanceId Instance);
