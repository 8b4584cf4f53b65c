namespace FollowUp.Domain.Accounts;

/// <summary>One act of a user that leaves no other trace, and why it was done. Never changed.</summary>
public sealed class AuditEntry
{
    /// <summary>The longest <see cref="Reason"/>, in characters.</summary>
    public const int LongestReason = 500;

    /// <summary>The <see cref="Action"/> of a lifted suppression; <see cref="Subject"/> is its address.</summary>
    public const string SuppressionLifted = "suppressionLifted";

    private AuditEntry() { }

    /// <summary>The entry's id, a UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>Whose rows the act was about.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>How the user was authenticated: <c>token</c> or <c>apiKey</c>.</summary>
    public string Credential { get; private set; } = "";

    /// <summary>What was done, such as <see cref="SuppressionLifted"/>.</summary>
    public string Action { get; private set; } = "";

    /// <summary>The id of the row that the act was about.</summary>
    public Guid SubjectId { get; private set; }

    /// <summary>What the row said, such as <c>EMAIL kim@example.org unsubscribed</c>.</summary>
    public string Subject { get; private set; } = "";

    /// <summary>Why the user did it, in the user's words.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>When it was done.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Records an act.</summary>
    /// <param name="owner">Whose rows it was about.</param>
    /// <param name="credential">How the user was authenticated.</param>
    /// <param name="action">What was done.</param>
    /// <param name="subject">The row's id, and what it said.</param>
    /// <param name="reason">Why, 1 to <see cref="LongestReason"/> characters.</param>
    public static AuditEntry Of(
        OwnerId owner,
        string credential,
        string action,
        (Guid Id, string Text) subject,
        string reason,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            OwnerId = owner,
            Credential = credential,
            Action = action,
            SubjectId = subject.Id,
            Subject = subject.Text,
            Reason = reason,
            CreatedAt = now,
        };
}
