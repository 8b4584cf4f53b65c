namespace FollowUp.Domain.Instances;

/// <summary>An instance's id.</summary>
public readonly record struct InstanceId(Guid Value)
{
    /// <summary>Whether the left id was created before the right one, to the millisecond.</summary>
    public static bool operator <(InstanceId left, InstanceId right) => left.Value < right.Value;

    /// <summary>Whether the left id was created after the right one, to the millisecond.</summary>
    public static bool operator >(InstanceId left, InstanceId right) => left.Value > right.Value;
}
