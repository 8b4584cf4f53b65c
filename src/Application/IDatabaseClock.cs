namespace FollowUp.Application;

/// <summary>The database's clock: the one clock that all nodes share, so the one that decides.</summary>
public interface IDatabaseClock
{
    /// <summary>The present instant, in UTC, to the microsecond.</summary>
    Task<DateTimeOffset> Now(CancellationToken cancellationToken);
}
