namespace FollowUp.Domain.Shared;

/// <summary>The kinds of errors that are not about a field of the request.</summary>
public enum ErrorKind
{
    /// <summary>The row does not exist or belongs to another user.</summary>
    NotFound,

    /// <summary>The current state does not permit the request.</summary>
    Conflict,

    /// <summary>The caller's revision is older than the row's (RFC 9110, section 13.1.1).</summary>
    PreconditionFailed,
}
