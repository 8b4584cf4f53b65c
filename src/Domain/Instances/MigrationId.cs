namespace FollowUp.Domain.Instances;

/// <summary>A migration's id.</summary>
/// <param name="Value">A UUIDv7.</param>
public readonly record struct MigrationId(Guid Value)
{
    /// <summary>Whether the left id was made before the right one, to the millisecond.</summary>
    /// <param name="left">An id.</param>
    /// <param name="right">Another id.</param>
    public static bool operator <(MigrationId left, MigrationId right) => left.Value < right.Value;

    /// <summary>Whether the left id was made after the right one, to the millisecond.</summary>
    /// <param name="left">An id.</param>
    /// <param name="right">Another id.</param>
    public static bool operator >(MigrationId left, MigrationId right) => left.Value > right.Value;
}
