namespace FollowUp.Application.Instances;

/// <summary>How far the log can be read without missing an event.</summary>
public interface ILogHorizon
{
    /// <summary>
    /// The last position of the log that is final: no event at or before it can still appear. Read it in a statement of its own, before the
    /// statement that reads the events.
    /// </summary>
    Task<long> Read(CancellationToken cancellationToken);
}
