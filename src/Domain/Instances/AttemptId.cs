namespace FollowUp.Domain.Instances;

/// <summary>The id of an attempt. Opaque, so it may be given to a provider.</summary>
public readonly record struct AttemptId(Guid Value);
