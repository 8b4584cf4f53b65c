namespace FollowUp.Domain.Instances;

/// <summary>What a batch of a migration did with an instance.</summary>
public enum MigrationStep
{
    /// <summary>The instance continues in the new version.</summary>
    Moved,

    /// <summary>No steps remained: the instance is COMPLETED, in the new version.</summary>
    Ended,

    /// <summary>The step is being sent or the row is locked: the migration visits it again.</summary>
    Deferred,

    /// <summary>A step is in doubt: the instance stays on its version until the doubt is resolved.</summary>
    InDoubt,

    /// <summary>The policy keeps the instance on its version.</summary>
    Stays,

    /// <summary>Moving failed for a reason that only the log has: the instance stays on its version.</summary>
    Failed,

    /// <summary>The instance ended in the meantime.</summary>
    Gone,
}
