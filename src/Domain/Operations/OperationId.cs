namespace FollowUp.Domain.Operations;

/// <summary>An operation's id.</summary>
public readonly record struct OperationId(Guid Value)
{
    /// <summary>Whether the left id was created before the right one, to the millisecond.</summary>
    public static bool operator <(OperationId left, OperationId right) => left.Value < right.Value;

    /// <summary>Whether the left id was created after the right one, to the millisecond.</summary>
    public static bool operator >(OperationId left, OperationId right) => left.Value > right.Value;
}
