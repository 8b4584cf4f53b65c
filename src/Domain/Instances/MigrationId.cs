namespace FollowUp.Domain.Instances;

/// <summary>A migration's id.</summary>
public readonly record struct MigrationId(Guid Value)
{
    /// <summary>Whether the left id was created before the right one, to the millisecond.</summary>
    public static bool operator <(MigrationId left, MigrationId right) => left.Value < right.Value;

    /// <summary>Whether the left id was created after the right one, to the millisecond.</summary>
    public static bool operator >(MigrationId left, MigrationId right) => left.Value > right.Value;
}
