namespace FollowUp.Infrastructure.Persistence;

/// <summary>How long a statement of a query may take.</summary>
/// <param name="Length"><c>Database:QueryTimeout</c>.</param>
public sealed record QueryTimeout(TimeSpan Length)
{
    /// <summary>The same in whole seconds, as the driver takes it.</summary>
    public int Seconds => (int)Math.Ceiling(Length.TotalSeconds);
}
