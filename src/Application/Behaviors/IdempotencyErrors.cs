namespace FollowUp.Application.Behaviors;

/// <summary>The errors of idempotency keys.</summary>
public static class IdempotencyErrors
{
    /// <summary>The key belongs to another request.</summary>
    public static Result KeyReused =>
        Error.Conflict("idempotencyKeyReused", "The idempotency key was used for another request in the last 24 hours.");

    /// <summary>The first response cannot be repeated.</summary>
    public static Result SecretAlreadyShown =>
        Error.Conflict(
            "secretAlreadyShown",
            "This request was already executed. Its response contained a secret, which is shown once and not stored."
        );
}
