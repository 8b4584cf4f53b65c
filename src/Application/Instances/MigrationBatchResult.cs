namespace FollowUp.Application.Instances;

/// <summary>Whether a migration has more to do.</summary>
internal enum MigrationBatchResult
{
    /// <summary>More instances can be visited now.</summary>
    More,

    /// <summary>The remaining instances are being sent or locked: retry a little later.</summary>
    Waiting,

    /// <summary>The migration is completed.</summary>
    Done,

    /// <summary>The migration is no longer running, or another transaction has locked it: a batch of another node, or a request.</summary>
    Busy,
}
