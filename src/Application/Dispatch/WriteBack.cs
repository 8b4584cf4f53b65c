namespace FollowUp.Application.Dispatch;

internal enum WriteBack
{
    /// <summary>Everything was written in one transaction.</summary>
    Done,

    /// <summary>Nothing was written because the instance changed in the meantime. Read it again and apply the outcome again.</summary>
    Stale,

    /// <summary>Nothing was written or may be: this node no longer holds the lease.</summary>
    LeaseLost,
}
