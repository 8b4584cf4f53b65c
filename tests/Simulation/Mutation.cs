namespace FollowUp.Simulation;

/// <summary>What may be missing from the store, to see whether the simulation notices.</summary>
internal enum Mutation
{
    /// <summary>Nothing is missing.</summary>
    None,

    /// <summary>Write-backs, refreshes and renewals do not compare claim number, owner and state.</summary>
    NoFence,

    /// <summary>Write-backs do not compare the instance's revision.</summary>
    NoRevisionCheck,

    /// <summary>The claim does not commit the attempt, so that nobody knows of a send that its worker did not survive.</summary>
    NoAttemptBeforeSend,

    /// <summary>A worker believes in its lease for ever.</summary>
    NoLeaseCheck,

    /// <summary>A send whose worker vanished is tried again like any other step.</summary>
    DoubtIsRetried,

    /// <summary>The claim goes by what was true when the step was queued: no pause, no suppression, no disabled sequence.</summary>
    NoRereadInClaim,

    /// <summary>The claim reads instances from the snapshot in which it looked for due jobs, not after it has locked them.</summary>
    ReadBeforeLock,

    /// <summary>The claim takes rows that a transaction has locked.</summary>
    NoLockInClaim,

    /// <summary>A step is parked although its sequence was enabled again between claim and write-back.</summary>
    ParkedTooLate,
}
