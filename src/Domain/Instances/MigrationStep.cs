namespace FollowUp.Domain.Instances;

/// <summary>What one batch of a migration did with one instance.</summary>
public enum MigrationStep
{
    /// <summary>It goes on in the new version.</summary>
    Moved,

    /// <summary>Nothing was left for it: it is COMPLETED, in the new version.</summary>
    Ended,

    /// <summary>It is being sent at this moment, or somebody has locked it: it is looked at again.</summary>
    Deferred,

    /// <summary>A step of it is in doubt: it stays until that is settled.</summary>
    InDoubt,

    /// <summary>The policy leaves it where it is.</summary>
    Stays,

    /// <summary>It could not be moved for a reason that only the log knows: it stays.</summary>
    Failed,

    /// <summary>It ended meanwhile.</summary>
    Gone,
}
