namespace FollowUp.Domain.Sequences;

/// <summary>What happens to running instances when a newer version is published. Lower case in tables and JSON.</summary>
public enum MigrationPolicy
{
    /// <summary>Instances stay on their versions.</summary>
    Stay,

    /// <summary>Instances move to the new texts when the versions have the same shape.</summary>
    Content,

    /// <summary>Instances move to the same step, to the mapped one, or past a removed one.</summary>
    Map,
}
