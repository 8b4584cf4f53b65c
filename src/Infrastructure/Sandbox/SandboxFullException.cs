namespace FollowUp.Infrastructure.Sandbox;

/// <summary>A sandbox, or the number of sandboxes, has reached its limit.</summary>
/// <param name="message">One sentence that names the limit.</param>
public sealed class SandboxFullException(string message) : Exception(message)
{
    /// <summary>The SQLSTATE that a sandbox's own trigger raises when a quota is exceeded.</summary>
    internal const string SqlState = "FU001";

    /// <summary>Finds the message of a full sandbox in a failure.</summary>
    /// <param name="failure">The exception that was thrown.</param>
    /// <returns>The message; null when the failure has another cause.</returns>
    public static string? Reason(Exception failure) =>
        failure switch
        {
            SandboxFullException full => full.Message,
            PostgresException { SqlState: SqlState } refused => refused.MessageText,
            { InnerException: { } inner } => Reason(inner),
            _ => null,
        };
}
