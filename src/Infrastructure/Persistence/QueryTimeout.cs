namespace FollowUp.Infrastructure.Persistence;

/// <summary>The time limit of a query's statements.</summary>
/// <param name="Length"><c>Database:QueryTimeout</c>.</param>
public sealed record QueryTimeout(TimeSpan Length)
{
    /// <summary>The time limit in whole seconds, rounded up, as the driver expects it.</summary>
    public int Seconds => (int)Math.Ceiling(Length.TotalSeconds);
}
