using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>A sequence with its current version.</summary>
internal sealed class SequenceRow
{
    public required Sequence Sequence { get; init; }

    public required SequenceVersion Current { get; init; }
}
