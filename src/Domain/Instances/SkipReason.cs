namespace FollowUp.Domain.Instances;

/// <summary>Why a step is skipped.</summary>
public enum SkipReason
{
    /// <summary>A user skipped the failed step.</summary>
    Manual,

    /// <summary>No provider for text messages is configured.</summary>
    NoSmsProvider,

    /// <summary>The recipient has no phone number.</summary>
    NoPhoneNumber,
}
