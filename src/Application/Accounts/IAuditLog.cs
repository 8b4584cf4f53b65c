namespace FollowUp.Application.Accounts;

internal interface IAuditLog
{
    /// <summary>Adds an entry in the transaction of the action.</summary>
    void Add(AuditEntry entry);
}
