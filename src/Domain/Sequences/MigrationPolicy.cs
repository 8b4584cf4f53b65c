namespace FollowUp.Domain.Sequences;

/// <summary>What happens to running instances when a newer version is there. The words in tables and JSON are lower case.</summary>
public enum MigrationPolicy
{
    /// <summary>They stay on their versions.</summary>
    Stay,

    /// <summary>They take the new texts, where the shape is the same.</summary>
    Content,

    /// <summary>They move to the same step, or where the map says, or behind a step that is gone.</summary>
    Map,
}
