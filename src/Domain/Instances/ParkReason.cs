namespace FollowUp.Domain.Instances;

/// <summary>Why a job is parked.</summary>
public enum ParkReason
{
    /// <summary>Its instance is paused.</summary>
    Paused,

    /// <summary>Its sequence is disabled.</summary>
    SequenceDisabled,

    /// <summary>An operator has blocked its owner.</summary>
    OwnerBlocked,
}
