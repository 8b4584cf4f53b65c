namespace FollowUp.Domain.Shared;

/// <summary>Conversions of instants.</summary>
public static class Instants
{
    /// <summary>
    /// The instant in UTC, truncated to microseconds: PostgreSQL's <c>timestamptz</c> has this precision, and a hash over an instant must
    /// be the same after a round trip.
    /// </summary>
    /// <returns>The instant in UTC, at most 999 ns earlier.</returns>
    public static DateTimeOffset ToMicroseconds(this DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
