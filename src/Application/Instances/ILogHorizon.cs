namespace FollowUp.Application.Instances;

/// <summary>Determines how far the log can be read without missing an event.</summary>
internal interface ILogHorizon
{
    /// <summary>
    /// The last final position of the log: no event at or before it can still appear. Read it in a separate statement before the statement
    /// that reads the events.
    /// </summary>
    Task<long> Read(CancellationToken cancellationToken);

    /// <summary>The position as of at most a second ago, for readers that ask continually: those of a node share one read.</summary>
    Task<long> ReadRecent(CancellationToken cancellationToken);
}
