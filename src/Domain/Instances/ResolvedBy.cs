namespace FollowUp.Domain.Instances;

/// <summary>What resolved a step in doubt.</summary>
public enum ResolvedBy
{
    /// <summary>A user.</summary>
    Person,

    /// <summary>The provider's own event about the message.</summary>
    ProviderEvent,

    /// <summary>The operator chose to resend steps in doubt.</summary>
    Policy,
}
