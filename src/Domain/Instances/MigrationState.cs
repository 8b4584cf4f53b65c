namespace FollowUp.Domain.Instances;

/// <summary>The state of a migration. Lower case in tables and JSON.</summary>
public enum MigrationState
{
    /// <summary>Any node may run the next batch.</summary>
    Running,

    /// <summary>A user stopped it; it can be continued.</summary>
    Stopped,

    /// <summary>Every instance was moved or counted as staying.</summary>
    Completed,
}
