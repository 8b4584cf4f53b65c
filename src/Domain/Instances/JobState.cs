namespace FollowUp.Domain.Instances;

/// <summary>The state of a job. Lower case in the table, as in <c>in_doubt</c>.</summary>
public enum JobState
{
    /// <summary>Can be claimed once it is due.</summary>
    Ready,

    /// <summary>Held by a worker until its lease expires.</summary>
    Leased,

    /// <summary>Cannot be claimed: its instance is paused, its sequence is disabled or its owner is blocked.</summary>
    Parked,

    /// <summary>It is unknown whether its message was sent.</summary>
    InDoubt,
}
