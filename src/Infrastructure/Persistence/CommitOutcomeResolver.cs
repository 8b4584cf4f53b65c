using System.Data;
using System.Globalization;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>Identifies a transaction, so that its outcome can be queried after its connection was lost.</summary>
/// <param name="Timeline">The server's timeline, which every promotion of a standby changes: ids are only comparable within one timeline.</param>
/// <param name="Proof">The id of the row of <c>commit_proof</c> that it wrote. The row exists if and only if the transaction was committed.</param>
internal sealed record CommitMarker(long Xid, string Timeline, Guid Proof);

internal enum CommitOutcome
{
    Committed,

    /// <summary>It was rolled back, or never reached the server that is now the primary.</summary>
    NotCommitted,

    Unknown,
}

/// <summary>The outcome of a commit cannot be determined, so the unit of work may neither be repeated nor reported as done.</summary>
internal sealed class UnknownCommitException(Exception lost)
    : Exception("The connection was lost during the commit, and it is not known whether it succeeded.", lost);

/// <summary>
/// Determines the outcome of transactions whose commit got no response. The transaction id only tells whether one is still running: after a crash a
/// server reuses ids that had not reached its log, so "committed" may refer to another transaction. The row that the transaction wrote is the proof.
/// </summary>
internal sealed class CommitOutcomeResolver(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>How long the database is queried: most failovers are over by then, and a client does not wait longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Records the current transaction's id and inserts its proof. Locks nothing but the inserted row. Not through EF Core, which would reopen a lost
    /// connection: the proof would then be committed on its own and confirm work that is lost.
    /// </summary>
    /// <param name="session">The session in which the transaction began (<see cref="NpgsqlConnection.ProcessID"/>).</param>
    /// <exception cref="NpgsqlException">The connection was lost in the transaction, and the transaction with it. The exception is transient.</exception>
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

    /// <summary>Queries the outcome until it is known, for a limited time. Not cancellable: the caller would not know the outcome.</summary>
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

        // A separate statement: under READ COMMITTED it sees what was committed before the status was read.
        await using var command = dataSource.CreateCommand("SELECT EXISTS (SELECT 1 FROM commit_proof WHERE id = $1)");
        command.Parameters.Add(new() { Value = ticket.Proof });
        return (bool)(await command.ExecuteScalarAsync())! ? CommitOutcome.Committed : CommitOutcome.NotCommitted;
    }

    /// <summary>
    /// Locks nothing. A half-open connection leaves a backend that is idle in the transaction and holds all its locks: it is terminated, which
    /// settles the outcome. An active backend may be waiting for its synchronous standby; terminating it would report a commit that no standby has.
    /// On another timeline the id belongs to another transaction, and the state of the new primary is what counts.
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
            // "transaction ID … is in the future": the server has never assigned it.
            return false;
        }
    }
}
