namespace FollowUp.Domain.Recipients;

/// <summary>A way to reach somebody. Each has its own provider, suppressions and breaker.</summary>
public enum Channel
{
    /// <summary>Mail.</summary>
    Email,

    /// <summary>Text messages.</summary>
    Sms,
}
