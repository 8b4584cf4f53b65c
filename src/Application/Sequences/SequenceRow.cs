namespace FollowUp.Application.Sequences;

internal sealed class SequenceRow
{
    public required Sequence Sequence { get; init; }
    public required SequenceVersion Current { get; init; }
}
