using System.Data;
using System.Globalization;
using Npgsql;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>A transaction, as it can be asked for after its connection was lost.</summary>
/// <param name="Xid">Its number.</param>
/// <param name="Timeline">The server's timeline, which each promotion of a standby changes: numbers mean something within one only.</param>
/// <param name="Proof">The row of <c>commit_proof</c> that it wrote, which is there when it was committed and only then.</param>
internal sealed record CommitMarker(long Xid, string Timeline, Guid Proof);

/// <summary>What became of a transaction whose commit got no answer.</summary>
internal enum CommitOutcome
{
    Committed,

    /// <summary>It was rolled back, or never reached the server that is the primary now.</summary>
    NotCommitted,

    Unknown,
}

/// <summary>Nobody can tell whether the unit of work was committed, so that it may neither be repeated nor be called done.</summary>
internal sealed class UnknownCommitException(Exception lost)
    : Exception("The connection was lost during the commit, and it is not known whether it succeeded.", lost);

/// <summary>
/// Finds out what became of transactions whose commit got no answer. The number only tells whether one is still under way: a server that
/// crashed gives numbers out again of which nothing had reached its log, so "committed" can be said of somebody else's transaction. What
/// counts is the row that it wrote.
/// </summary>
internal sealed class CommitOutcomeResolver(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>How long the database is asked: a failover is mostly over by then, and a client does not wait for longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Notes the present transaction, and has it write its proof. Not through EF Core, which would open a lost connection anew: the proof would then
    /// be committed by itself, and vouch for what is lost.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="session">The session in which the transaction began (<see cref="NpgsqlConnection.ProcessID"/>).</param>
    /// <exception cref="NpgsqlException">The connection was lost meanwhile, and the transaction with it. It is transient.</exception>
    public static async Task<CommitMarker> Ticket(NpgsqlConnection connection, int session, CancellationToken cancellationToken)
    {
        if (connection.State != ConnectionState.Open || connection.ProcessID != session)
        {
            throw new NpgsqlException("The connection was lost within the transaction.", new IOException());
        }

        await using var command = new NpgsqlCommand(
            """
            INSERT INTO commit_proof (id) VALUES ($1)
            RETURNING pg_current_xact_id()::text::bigint, left(pg_walfile_name(pg_current_wal_lsn()), 8), id
            """,
            connection
        );
        command.Parameters.Add(new() { Value = Guid.CreateVersion7() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetInt64(0), reader.GetString(1), reader.GetGuid(2));
    }

    /// <summary>Asks until there is an answer, for a while. Not cancellable: the caller would be left in doubt.</summary>
    public async Task<CommitOutcome> FateOf(CommitMarker ticket)
    {
        for (var begun = time.GetTimestamp(); time.GetElapsedTime(begun) < Patience; await Task.Delay(AskEvery, time))
        {
            try
            {
                if (await Ask(ticket) is { } fate)
                {
                    return fate;
                }
            }
            catch (Exception failure) when (PostgresFailures.IsTransient(failure))
            {
                PostgresFailures.ForgetConnections(failure, dataSource);
            }
        }

        return CommitOutcome.Unknown;
    }

    private async Task<CommitOutcome?> Ask(CommitMarker ticket)
    {
        if (await IsUnderWay(ticket))
        {
            return null;
        }

        // In a statement of its own: it sees what was committed before the answer above.
        await using var command = dataSource.CreateCommand("SELECT EXISTS (SELECT 1 FROM commit_proof WHERE id = $1)");
        command.Parameters.Add(new() { Value = ticket.Proof });
        return (bool)(await command.ExecuteScalarAsync())! ? CommitOutcome.Committed : CommitOutcome.NotCommitted;
    }

    /// <summary>
    /// A half-open connection leaves a backend behind that sits in the transaction with all its locks: it is ended, which decides it. One that is
    /// at work may be waiting for its synchronous standby, and ending it would call committed what no standby has. On another timeline the
    /// number is somebody else's, and what the new primary has is what there is.
    /// </summary>
    private async Task<bool> IsUnderWay(CommitMarker ticket)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT here.timeline = $2 AND pg_xact_status($1::text::xid8) IS NOT DISTINCT FROM 'in progress',
                   (SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                    WHERE here.timeline = $2 AND backend_xid = $1::text::xid8::xid AND state LIKE 'idle in transaction%')
            FROM (SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8) AS timeline) AS here
            """
        );
        command.Parameters.Add(new() { Value = ticket.Xid.ToString(CultureInfo.InvariantCulture) });
        command.Parameters.Add(new() { Value = ticket.Timeline });
        try
        {
            return (bool)(await command.ExecuteScalarAsync())!;
        }
        catch (PostgresException future) when (future.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            // "transaction ID … is in the future": the server has never heard of it.
            return false;
        }
    }
}
