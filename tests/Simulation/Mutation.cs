namespace FollowUp.Simulation;

/// <summary>A safeguard that is removed from the store or the nodes. The simulation must detect each.</summary>
internal enum Mutation
{
    /// <summary>All safeguards are in place.</summary>
    None,

    /// <summary>Write-backs, refreshes and renewals do not compare claim number, owner and state.</summary>
    NoFence,

    /// <summary>Write-backs do not compare the instance's revision.</summary>
    NoRevisionCheck,

    /// <summary>The claim does not commit the attempt, so recovery does not know of a send whose worker crashed.</summary>
    NoAttemptBeforeSend,

    /// <summary>A worker never considers its lease expired.</summary>
    NoLeaseCheck,

    /// <summary>A send whose worker crashed is retried like any other step.</summary>
    DoubtIsRetried,

    /// <summary>The claim uses the state at the time of queueing: no pause, no suppression, no disabled sequence.</summary>
    NoRereadInClaim,

    /// <summary>The claim reads instances from the snapshot in which it looked for due jobs, not after it has locked them.</summary>
    ReadBeforeLock,

    /// <summary>The claim takes rows that a transaction has locked.</summary>
    NoLockInClaim,

    /// <summary>A step is parked although its sequence was enabled again between claim and write-back.</summary>
    ParkedTooLate,
}
