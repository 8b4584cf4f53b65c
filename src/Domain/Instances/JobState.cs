namespace FollowUp.Domain.Instances;

/// <summary>Where a job stands. The words in the table are lower case, as in <c>in_doubt</c>.</summary>
public enum JobState
{
    /// <summary>To be claimed as soon as it is due.</summary>
    Ready,

    /// <summary>A worker holds it until its lease runs out.</summary>
    Leased,

    /// <summary>Nobody may claim it: its instance is paused or its sequence disabled.</summary>
    Parked,

    /// <summary>Its message may or may not have gone out.</summary>
    InDoubt,
}
