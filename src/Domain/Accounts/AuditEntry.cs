namespace FollowUp.Domain.Accounts;

/// <summary>An action of a user that leaves no other trace, with its reason. Immutable.</summary>
public sealed class AuditEntry
{
    /// <summary>The maximum length of <see cref="Reason"/>, in characters.</summary>
    public const int LongestReason = 500;

    /// <summary>The <see cref="Action"/> of a lifted suppression; <see cref="Subject"/> is its address.</summary>
    public const string SuppressionLifted = "suppressionLifted";

    private AuditEntry() { }

    /// <summary>The entry's id, a UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The owner of the row.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>How the user was authenticated: <c>token</c> or <c>apiKey</c>.</summary>
    public string Credential { get; private set; } = "";

    /// <summary>The action, such as <see cref="SuppressionLifted"/>.</summary>
    public string Action { get; private set; } = "";

    /// <summary>The id of the row.</summary>
    public Guid SubjectId { get; private set; }

    /// <summary>The content of the row, such as <c>EMAIL kim@example.org unsubscribed</c>.</summary>
    public string Subject { get; private set; } = "";

    /// <summary>The reason that the user gave.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>When it was done.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Records an action.</summary>
    /// <param name="reason">The reason, 1 to <see cref="LongestReason"/> characters.</param>
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
