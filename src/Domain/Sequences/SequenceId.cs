namespace FollowUp.Domain.Sequences;

/// <summary>A sequence's id.</summary>
public readonly record struct SequenceId(Guid Value)
{
    /// <summary>Whether the left id was created before the right one, to the millisecond.</summary>
    public static bool operator <(SequenceId left, SequenceId right) => left.Value < right.Value;

    /// <summary>Whether the left id was created after the right one, to the millisecond.</summary>
    public static bool operator >(SequenceId left, SequenceId right) => left.Value > right.Value;
}
