namespace FollowUp.Domain.Instances;

/// <summary>Where a migration stands. The words in tables and JSON are lower case.</summary>
public enum MigrationState
{
    /// <summary>Batches are carried out, by whichever node comes first.</summary>
    Running,

    /// <summary>Somebody halted it; it can be continued where it stopped.</summary>
    Stopped,

    /// <summary>Every instance was moved, or is counted as one that stays.</summary>
    Completed,
}
