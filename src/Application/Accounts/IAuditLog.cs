namespace FollowUp.Application.Accounts;

/// <summary>Records actions of users with their reasons.</summary>
public interface IAuditLog
{
    /// <summary>Adds an entry in the transaction of the action.</summary>
    void Add(AuditEntry entry);
}
