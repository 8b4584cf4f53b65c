namespace FollowUp.Application.Operations;

/// <summary>Whether an operation has more to do.</summary>
internal enum OperationProgress
{
    /// <summary>More batches follow.</summary>
    More,

    /// <summary>It has ended.</summary>
    Done,

    /// <summary>Another transaction has locked it: a batch of another node, or a request.</summary>
    Busy,
}
