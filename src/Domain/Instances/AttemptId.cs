namespace FollowUp.Domain.Instances;

/// <summary>The id of an attempt. Opaque, so it may be given to a provider.</summary>
/// <param name="Value">A UUIDv7.</param>
public readonly record struct AttemptId(Guid Value);
