namespace FollowUp.Application.Instances;

/// <summary>The pace at which a mass change releases overdue steps.</summary>
public sealed record BacklogOptions
{
    /// <summary><c>Dispatcher:BacklogPerSecond</c>: how many overdue steps of a sequence are released per second when it is enabled again, or when a migration makes them overdue.</summary>
    public int PerSecond { get; init; } = 20;
}
