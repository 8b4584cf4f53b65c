using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;

namespace FollowUp.Domain.Dispatch;

/// <summary>A message that tries out a provider.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Instance">Which instance.</param>
public readonly record struct Probe(OwnerId Owner, InstanceId Instance);
