namespace FollowUp.Application.Accounts;

/// <summary>Checks the credential of a response that lasts.</summary>
public interface ICredentialCheck
{
    /// <summary>Whether the request's credential is still valid: neither revoked, expired nor signed out, and its user not blocked.</summary>
    Task<bool> IsValid(CancellationToken cancellationToken);
}
