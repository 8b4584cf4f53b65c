namespace FollowUp.Infrastructure.Accounts;

/// <summary>Users and blocks in SQL, in the transaction of the use case.</summary>
internal sealed class SqlUsers(FollowUpDbContext db) : IUsers
{
    private const string Columns = "u.id, u.issuer, u.subject, u.created_at, b.blocked_at, b.blocked_by";

    public Task<List<UserView>> List(Guid? before, bool? blocked, string? startOfSubject, int most, CancellationToken cancellationToken) =>
        // Reads without locks, by primary key in descending order.
        db
            .Database.SqlQueryRaw<UserView>(
                $"""
                SELECT {Columns} FROM app_user u LEFT JOIN blocked_owner b ON b.owner_id = u.id
                WHERE (@before IS NULL OR u.id < @before) AND (@blocked IS NULL OR (b.owner_id IS NOT NULL) = @blocked)
                  AND (@start IS NULL OR starts_with(u.subject, @start))
                ORDER BY u.id DESC LIMIT @most
                """,
                new Npgsql.NpgsqlParameter("before", NpgsqlTypes.NpgsqlDbType.Uuid) { Value = (object?)before ?? DBNull.Value },
                new Npgsql.NpgsqlParameter("blocked", NpgsqlTypes.NpgsqlDbType.Boolean) { Value = (object?)blocked ?? DBNull.Value },
                new Npgsql.NpgsqlParameter("start", NpgsqlTypes.NpgsqlDbType.Text) { Value = (object?)startOfSubject ?? DBNull.Value },
                new Npgsql.NpgsqlParameter("most", most)
            )
            .ToListAsync(cancellationToken);

    public Task<bool> IsBlocked(OwnerId user, CancellationToken cancellationToken) =>
        // Locks nothing.
        db
            .Database.SqlQuery<bool>($"""SELECT EXISTS (SELECT 1 FROM blocked_owner WHERE owner_id = {user.Value}) AS "Value" """)
            .SingleAsync(cancellationToken);

    public async Task<UserView?> Block(OwnerId user, OwnerId by, CancellationToken cancellationToken)
    {
        // Locks the user until the commit, as a sign-in does before it adds a session: under READ COMMITTED the DELETE then sees the sessions of
        // all sign-ins that came first. Enrolments lock the user FOR KEY SHARE and do not wait.
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO blocked_owner (owner_id, blocked_by)
            SELECT id, {by.Value} FROM app_user WHERE id = {user.Value} FOR NO KEY UPDATE
            ON CONFLICT DO NOTHING
            """,
            cancellationToken
        );
        // Locks the sessions' rows, which no transaction holds for long. Unblocking the user must not revive them.
        await db.Database.ExecuteSqlAsync($"DELETE FROM session WHERE owner_id = {user.Value}", cancellationToken);
        return await Find(user, cancellationToken);
    }

    public async Task<UserView?> Unblock(OwnerId user, CancellationToken cancellationToken)
    {
        // Locks the block's row. The parked jobs are released in the background (BlockedOwners).
        await db.Database.ExecuteSqlAsync($"DELETE FROM blocked_owner WHERE owner_id = {user.Value}", cancellationToken);
        return await Find(user, cancellationToken);
    }

    private Task<UserView?> Find(OwnerId user, CancellationToken cancellationToken) =>
        db
            .Database.SqlQueryRaw<UserView>(
                $"SELECT {Columns} FROM app_user u LEFT JOIN blocked_owner b ON b.owner_id = u.id WHERE u.id = @id",
                new Npgsql.NpgsqlParameter("id", user.Value)
            )
            .SingleOrDefaultAsync(cancellationToken);
}
