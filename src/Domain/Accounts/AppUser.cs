namespace FollowUp.Domain.Accounts;

/// <summary>A user, identified by the issuer and the subject of its tokens. An aggregate root without rules.</summary>
public sealed class AppUser
{
    private AppUser() { }

    /// <summary>The internal id.</summary>
    public OwnerId Id { get; private set; }

    /// <summary>The token's <c>iss</c>: a subject is unique only within its issuer (OpenID Connect Core 1.0, section 5.7).</summary>
    public string Issuer { get; private set; } = "";

    /// <summary>The token's <c>sub</c>.</summary>
    public string Subject { get; private set; } = "";

    /// <summary>When the user was first seen.</summary>
    public DateTimeOffset CreatedAt { get; private set; }
}
