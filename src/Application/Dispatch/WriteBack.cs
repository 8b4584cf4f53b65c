namespace FollowUp.Application.Dispatch;

/// <summary>What became of a write-back.</summary>
public enum WriteBack
{
    /// <summary>All of it was written, in one transaction.</summary>
    Done,

    /// <summary>Nothing was written: somebody changed the instance meanwhile. Read it again, apply the outcome again.</summary>
    Stale,

    /// <summary>Nothing was written, and nothing may be: this node no longer holds the step.</summary>
    LeaseLost,
}
