using Npgsql;

namespace FollowUp.Infrastructure.Sandbox;

/// <summary>A sandbox, or the room for sandboxes, is used up.</summary>
/// <param name="message">One sentence that names the limit.</param>
public sealed class SandboxFullException(string message) : Exception(message)
{
    /// <summary>The SQLSTATE that a sandbox's own trigger raises when a quota is exceeded.</summary>
    internal const string SqlState = "FU001";

    /// <summary>The sentence of a full sandbox, when that is why something failed.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <returns>The sentence, or null.</returns>
    public static string? Reason(Exception failure) =>
        failure switch
        {
            SandboxFullException full => full.Message,
            PostgresException { SqlState: SqlState } refused => refused.MessageText,
            { InnerException: { } inner } => Reason(inner),
            _ => null,
        };
}
