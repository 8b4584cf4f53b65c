namespace FollowUp.Domain.Shared;

/// <summary>What the project asks of an instant.</summary>
public static class Instants
{
    /// <summary>
    /// The instant in UTC, cut to microseconds: PostgreSQL's <c>timestamptz</c> keeps no more, and a hash over an instant must come out the
    /// same after a round trip.
    /// </summary>
    /// <param name="instant">Any instant.</param>
    /// <returns>The same instant, in UTC, at most 999 ns earlier.</returns>
    public static DateTimeOffset ToMicroseconds(this DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
