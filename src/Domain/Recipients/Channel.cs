namespace FollowUp.Domain.Recipients;

/// <summary>A delivery channel. Each has its own provider, suppressions and circuit breaker.</summary>
public enum Channel
{
    /// <summary>Mail.</summary>
    Email,

    /// <summary>Text messages.</summary>
    Sms,
}
