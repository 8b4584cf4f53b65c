using FollowUp.Domain.Accounts;

namespace FollowUp.Application.Accounts;

/// <summary>Keeps who did what, and why.</summary>
public interface IAuditLog
{
    /// <summary>Adds an entry, in the transaction of the act.</summary>
    void Add(AuditEntry entry);
}
