using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;

namespace FollowUp.Domain.Dispatch;

/// <summary>A message that is sent to test whether a provider works again.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Instance">The instance.</param>
public readonly record struct Probe(OwnerId Owner, InstanceId Instance);
