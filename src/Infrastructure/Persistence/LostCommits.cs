using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>A transaction, as it can be asked for after its connection was lost.</summary>
/// <param name="Xid">Its number.</param>
/// <param name="Timeline">The server's timeline, which each promotion of a standby changes: numbers mean something within one only.</param>
internal sealed record CommitTicket(long Xid, string Timeline);

/// <summary>What became of a transaction whose commit got no answer.</summary>
internal enum CommitFate
{
    Committed,

    /// <summary>It was rolled back, or never reached the server that is the primary now.</summary>
    NotCommitted,

    Unknown,
}

/// <summary>Nobody can tell whether the unit of work was committed, so that it may neither be repeated nor be called done.</summary>
internal sealed class UnknownCommitException(Exception lost)
    : Exception("The connection was lost during the commit, and it is not known whether it succeeded.", lost);

/// <summary>Finds out what became of transactions whose commit got no answer.</summary>
internal sealed class LostCommits(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>How long the database is asked: a failover is mostly over by then, and a client does not wait for longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Notes the present transaction.</summary>
    public static Task<CommitTicket> Ticket(FollowUpDbContext db, CancellationToken cancellationToken) =>
        db
            .Database.SqlQuery<CommitTicket>(
                $"SELECT pg_current_xact_id()::text::bigint AS xid, left(pg_walfile_name(pg_current_wal_lsn()), 8) AS timeline"
            )
            .SingleAsync(cancellationToken);

    /// <summary>Asks until there is an answer, for a while. Not cancellable: the caller would be left in doubt.</summary>
    public async Task<CommitFate> FateOf(CommitTicket ticket)
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
                PostgresFailures.ForgetOldPrimary(failure, dataSource);
            }
        }

        return CommitFate.Unknown;
    }

    /// <summary>
    /// Null while it is still under way. A half-open connection leaves a backend behind that sits in the transaction with all its locks: it is
    /// ended, which decides it. One that is at work may be waiting for its synchronous standby, and ending it would call committed what no
    /// standby has. On another timeline the number is somebody else's.
    /// </summary>
    private async Task<CommitFate?> Ask(CommitTicket ticket)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT here.timeline = $2, pg_xact_status($1::text::xid8),
                   (SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                    WHERE here.timeline = $2 AND backend_xid = $1::text::xid8::xid AND state LIKE 'idle in transaction%')
            FROM (SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8) AS timeline) AS here
            """
        );
        command.Parameters.Add(new() { Value = ticket.Xid.ToString(CultureInfo.InvariantCulture) });
        command.Parameters.Add(new() { Value = ticket.Timeline });
        try
        {
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            var (sameTimeline, status) = (reader.GetBoolean(0), reader.IsDBNull(1) ? null : reader.GetString(1));
            return status switch
            {
                "in progress" => sameTimeline ? null : CommitFate.Unknown,
                "aborted" => CommitFate.NotCommitted,
                // A new primary gives out numbers again that its predecessor's last transactions had: this may be somebody else's.
                "committed" => sameTimeline ? CommitFate.Committed : CommitFate.Unknown,
                _ => CommitFate.Unknown,
            };
        }
        catch (PostgresException future) when (future.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            // "transaction ID … is in the future": the server that is the primary now has never heard of it.
            return CommitFate.NotCommitted;
        }
    }
}
