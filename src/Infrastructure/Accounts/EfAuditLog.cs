namespace FollowUp.Infrastructure.Accounts;

internal sealed class EfAuditLog(FollowUpDbContext db) : IAuditLog
{
    public void Add(AuditEntry entry) => db.Add(entry);
}
