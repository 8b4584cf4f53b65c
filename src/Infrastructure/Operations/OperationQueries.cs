using Microsoft.EntityFrameworkCore.Storage;

namespace FollowUp.Infrastructure.Operations;

internal static class OperationQueries
{
    /// <summary>Creates a command in the transaction of the use case.</summary>
    public static NpgsqlCommand Command(this FollowUpDbContext db, string sql) =>
        new(sql, (NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction());

    public static Task<OperationKind> KindOf(this FollowUpDbContext db, OperationId id, CancellationToken cancellationToken) =>
        db.Operations.Where(operation => operation.Id == id).Select(operation => operation.Kind).SingleAsync(cancellationToken);
}
