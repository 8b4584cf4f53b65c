using FollowUp.Domain.Accounts;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Instances;

/// <summary>An enabled sequence with jobs that are parked because it was disabled, which no operation releases.</summary>
/// <param name="Owner">Its owner.</param>
/// <param name="Id">Its id.</param>
public sealed record StrandedSequence(OwnerId Owner, SequenceId Id);
