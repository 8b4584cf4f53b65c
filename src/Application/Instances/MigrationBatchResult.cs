namespace FollowUp.Application.Instances;

/// <summary>Whether a migration has more to do.</summary>
public enum MigrationBatchResult
{
    /// <summary>More instances are to be looked at now.</summary>
    More,

    /// <summary>What is left is being sent or locked at this moment: look again a little later.</summary>
    Waiting,

    /// <summary>It is completed.</summary>
    Done,

    /// <summary>It is not running any more, or another transaction holds it: a batch of another node, or a request.</summary>
    Busy,
}
