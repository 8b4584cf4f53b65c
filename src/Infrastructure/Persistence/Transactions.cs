using System.Data.Common;
using System.Globalization;
using FollowUp.Application.Behaviors;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using FollowUp.Infrastructure.Outbox;
using FollowUp.Infrastructure.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>One unit of work: aggregates, their events and jobs in one transaction, and a wake-up for the workers after it.</summary>
internal sealed class Transactions(
    FollowUpDbContext db,
    NpgsqlDataSource dataSource,
    StepOutbox outbox,
    PutOffs putOffs,
    WakeUp wakeUp,
    TimeProvider time
) : ITransactions
{
    private const int MostTries = 5;
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDoubt = TimeSpan.FromSeconds(60);

    public async Task<T> Run<T>(Func<Task<T>> work, Func<T, bool> succeeded, CancellationToken cancellationToken)
    {
        for (var run = 1; ; run++)
        {
            try
            {
                return await RunOnce(work, succeeded, cancellationToken);
            }
            catch (Exception failure) when (run < MostTries && MayRunAgain(failure))
            {
                db.ChangeTracker.Clear();
                PostgresFailures.ForgetOldPrimary(failure, dataSource);
                await Task.Delay(TimeSpan.FromMilliseconds(20 * run * run * Random.Shared.NextDouble()), time, cancellationToken);
            }
        }
    }

    private async Task<T> RunOnce<T>(Func<Task<T>> work, Func<T, bool> succeeded, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var answer = await work();
        if (!succeeded(answer))
        {
            await transaction.RollbackAsync(cancellationToken);
            db.ChangeTracker.Clear();
            return answer;
        }

        var wake = await Save(cancellationToken);
        await Commit(transaction, cancellationToken);
        if (wake)
        {
            wakeUp.All();
        }

        return answer;
    }

    /// <summary>Saves what changed with the events that it raised; tells whether a job may be due now.</summary>
    private async Task<bool> Save(CancellationToken cancellationToken)
    {
        var happened = db.ChangeTracker.Entries<AggregateRoot>().ToList().SelectMany(entry => entry.Entity.TakeEvents()).ToList();
        db.Events.AddRange(happened.OfType<FollowUpEvent>());
        var wake = db
            .ChangeTracker.Entries<StepJob>()
            .Any(entry => entry.State is EntityState.Added or EntityState.Modified && entry.Entity.State == JobState.Ready);
        await db.SaveChangesAsync(cancellationToken);
        foreach (var enabled in happened.OfType<SequenceEnabled>())
        {
            await outbox.Release((NpgsqlConnection)db.Database.GetDbConnection(), enabled.SequenceId, cancellationToken);
            wake = true;
        }

        return await PlaceAnew(happened, cancellationToken) || wake;
    }

    /// <summary>What is yet to be sent follows a changed schedule or calendar at once; tells whether any was changed.</summary>
    private async Task<bool> PlaceAnew(List<DomainEvent> happened, CancellationToken cancellationToken)
    {
        Guid[] sequences = [.. happened.OfType<ScheduleChanged>().Select(e => e.SequenceId.Value)];
        Guid[] calendars = [.. happened.OfType<CalendarChanged>().Select(e => e.CalendarId.Value)];
        if (sequences.Length + calendars.Length == 0)
        {
            return false;
        }

        var changed = await db
            .Sequences.FromSql($"SELECT * FROM sequence WHERE id = ANY ({sequences}) OR calendar_id = ANY ({calendars})")
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        foreach (var sequence in changed)
        {
            var holidays = sequence.Schedule?.Holidays is { } calendar
                ? (await db.Calendars.SingleAsync(c => c.Id == calendar, cancellationToken)).Dates.ToHashSet()
                : [];
            await putOffs.PlaceAnew(
                (NpgsqlConnection)db.Database.GetDbConnection(),
                sequence.Id,
                zone => sequence.Schedule?.For(zone, holidays),
                cancellationToken
            );
        }

        return changed.Count > 0;
    }

    /// <summary>Commits; when the answer to that is lost, asks the database what became of the transaction, so that work is neither lost nor done twice.</summary>
    private async Task Commit(IDbContextTransaction transaction, CancellationToken cancellationToken)
    {
        var id = await db
            .Database.SqlQuery<long>($"""SELECT pg_current_xact_id()::text::bigint AS "Value" """)
            .SingleAsync(cancellationToken);
        try
        {
            // Not cancellable: a client that goes away now must not leave us in doubt.
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception failure) when (PostgresFailures.MayHaveCommitted(failure))
        {
            if (!await Committed(id.ToString(CultureInfo.InvariantCulture), cancellationToken))
            {
                throw;
            }
        }
    }

    /// <summary>
    /// Asks until there is an answer: work that ran again although it was committed would find its own change in the way, and refuse a
    /// command that was carried out.
    /// </summary>
    private async Task<bool> Committed(string id, CancellationToken cancellationToken)
    {
        for (var since = time.GetTimestamp(); time.GetElapsedTime(since) < LongestDoubt; )
        {
            try
            {
                // A half-open connection leaves a backend behind that sits in the transaction with all its locks: it is ended, which decides it.
                await using var command = dataSource.CreateCommand(
                    """
                    SELECT pg_xact_status($1::xid8), (SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_xid = $1::xid8::xid)
                    """
                );
                command.Parameters.Add(new() { Value = id });
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                await reader.ReadAsync(cancellationToken);
                if (reader.GetString(0) is not "in progress" and var status)
                {
                    return status == "committed";
                }
            }
            catch (Exception failure) when (PostgresFailures.IsTransient(failure))
            {
                PostgresFailures.ForgetOldPrimary(failure, dataSource);
            }
            catch (PostgresException unknown) when (unknown.SqlState == PostgresErrorCodes.InvalidParameterValue)
            {
                // A new primary has not come as far as this transaction: it went with the old one.
                return false;
            }

            await Task.Delay(AskEvery, time, cancellationToken);
        }

        throw new TimeoutException("The database did not answer in time whether a change was stored.");
    }

    private static bool MayRunAgain(Exception failure) =>
        failure is DbUpdateConcurrencyException
        || PostgresFailures.IsTransient(failure)
        || PostgresFailures.SqlState(failure) == PostgresErrorCodes.UniqueViolation;
}

/// <summary>What PostgreSQL's failures mean for a unit of work.</summary>
internal static class PostgresFailures
{
    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>Whether the whole unit of work may succeed when it is repeated: deadlock, lost connection, restart, failover.</summary>
    public static bool IsTransient(Exception failure) =>
        EndsSession(failure)
        || SqlState(failure) is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.DeadlockDetected
        || failure is DbException { IsTransient: true }
        || (failure.InnerException is { } inner && IsTransient(inner));

    /// <summary>
    /// Whether a COMMIT that failed so may have been carried out. The end of a session is told even when the commit was just done: it comes in
    /// the place of the answer.
    /// </summary>
    public static bool MayHaveCommitted(Exception failure) => EndsSession(failure) || (SqlState(failure) is null && IsTransient(failure));

    /// <summary>Whether the server ended the session, which the driver does not count among the passing failures.</summary>
    private static bool EndsSession(Exception failure) =>
        SqlState(failure) is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or IdleInTransactionTimeout;

    public static string? SqlState(Exception failure) =>
        failure is PostgresException postgres ? postgres.SqlState
        : failure.InnerException is { } inner ? SqlState(inner)
        : null;

    /// <summary>After a failover pooled connections still lead to the old primary.</summary>
    public static void ForgetOldPrimary(Exception failure, NpgsqlDataSource dataSource)
    {
        if (
            SqlState(failure)
            is PostgresErrorCodes.ReadOnlySqlTransaction
                or PostgresErrorCodes.AdminShutdown
                or PostgresErrorCodes.CannotConnectNow
        )
        {
            dataSource.Clear();
        }
    }
}
