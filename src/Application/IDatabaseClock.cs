namespace FollowUp.Application;

/// <summary>The database's clock, which all nodes share and which is authoritative.</summary>
internal interface IDatabaseClock
{
    /// <summary>The current time in UTC, to the microsecond.</summary>
    Task<DateTimeOffset> Now(CancellationToken cancellationToken);
}
